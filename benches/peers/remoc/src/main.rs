//! remoc, as its module `rtc` and its example of a transport over TCP set it up.

mod client;
mod server;
mod service;

use std::process::ExitCode;

use contestant::Threads;
use remoc::Cfg;

fn main() -> ExitCode {
    contestant::main::<server::Served, client::Connected>(Threads::Any)
}

/// The default, as recommended, but that one message may be as long as ours are: for a longer one it
/// starts a thread, which its documentation warns of.
fn configuration() -> Cfg {
    Cfg { max_data_size: 16 << 20, ..Cfg::default() }
}
