//! capnp-rpc, as its example `hello-world` sets it up.

mod client;
mod network;
mod server;

use std::process::ExitCode;

use contestant::Threads;

capnp::generated_code!(mod bench_capnp);

fn main() -> ExitCode {
    contestant::main::<server::Served, client::Connected>(Threads::One)
}
