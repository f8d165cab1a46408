//! A hand-written protocol over a tokio socket: the yardstick.
//!
//! Four octets of length before each frame, handlers in the read loop, and all answers to what one
//! read brought in one write. It knows eight functions, checks nothing that it could leave
//! unchecked, and serves nobody but its own client.

mod client;
mod connection;
mod frame;
mod record;
mod server;
mod shared;

use std::process::ExitCode;

use contestant::Threads;

fn main() -> ExitCode {
    contestant::main::<server::Raw, client::Connected>(Threads::Any)
}
