//! capnp-rpc, as its example `hello-world` sets it up.
#![expect(
    unreachable_pub,
    clippy::match_same_arms,
    clippy::needless_pass_by_ref_mut,
    clippy::semicolon_if_nothing_returned,
    clippy::unwrap_used,
    clippy::use_self,
    reason = "so is generated code"
)]

mod client;
mod network;
mod server;

use std::process::ExitCode;

use contestant::Threads;

capnp::generated_code!(mod bench_capnp);

fn main() -> ExitCode {
    contestant::main::<server::Served, client::Connected>(Threads::One)
}
