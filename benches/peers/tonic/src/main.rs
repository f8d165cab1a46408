//! tonic, as its tutorials set it up.
#![expect(unreachable_pub, clippy::allow_attributes, reason = "so is generated code")]

mod client;
mod server;

use std::process::ExitCode;

use contestant::{Sample, Threads};

/// For the whole connection. Its HTTP/2 takes thousands of small requests at once for an attack,
/// unless the window is so wide.
const CONNECTION_WINDOW: u32 = 16 << 20;

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
