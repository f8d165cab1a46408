//! remoc, as its module `rtc` and its example of a transport over TCP set it up.

mod client;
mod server;
mod service;

use std::process::ExitCode;

use contestant::Threads;

fn main() -> ExitCode {
    contestant::main::<server::Served, client::Connected>(Threads::Any)
}
