//! tarpc, as its example service and its example of a transport of one's own set it up.

mod client;
mod server;
mod service;

use std::process::ExitCode;

use contestant::Threads;

fn main() -> ExitCode {
    contestant::main::<server::Served, client::Connected>(Threads::Any)
}
