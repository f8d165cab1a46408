//! jsonrpsee over a WebSocket, as its README's example sets it up.

mod client;
mod notes;
mod server;
mod service;

use std::process::ExitCode;

use contestant::Threads;

fn main() -> ExitCode {
    contestant::main::<server::Served, client::Connected>(Threads::Any)
}
