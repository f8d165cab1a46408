//! tonic, as its tutorials set it up.
#![expect(unreachable_pub, clippy::allow_attributes, reason = "so is generated code")]

mod client;
mod server;

use std::process::ExitCode;

use contestant::{Sample, Threads};

/// What the build has made of `bench.proto`.
mod proto {
    tonic::include_proto!("bench");
}

fn main() -> ExitCode {
    contestant::main::<server::Served, client::Connected>(Threads::Any)
}

impl From<Sample> for proto::Record {
    fn from(Sample { number, text, ratio }: Sample) -> Self {
        Self { number, text, ratio }
    }
}
