//! The client of `pair`, for a `server` in another terminal or on another machine.
//!
//! ```text
//! cargo run --release --example client -- 127.0.0.1:4000 [FILE]
//! cargo run --release --example client -- --insecure 192.168.1.7:4000 [FILE]
//! ```
//!
//! Without a tunnel, what is sent to another machine can be read and changed on the way; that wants
//! the word `--insecure`. Ctrl-C closes the wire in good order.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use tokio::net::lookup_host;
use tokio::signal::ctrl_c;
use wire::{Wire, remote};

mod pair {
    pub(crate) mod sender;
    pub(crate) mod show;
}

type Failure = Box<dyn Error + Send + Sync>;

#[tokio::main]
async fn main() -> ExitCode {
    let Err(error) = run().await else {
        return ExitCode::SUCCESS;
    };
    eprintln!("client: {error}");
    ExitCode::FAILURE
}

async fn run() -> Result<(), Failure> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let insecure = arguments.first().is_some_and(|word| word == "--insecure");
    if insecure {
        arguments.remove(0);
    }
    let mut words = arguments.iter().map(String::as_str);
    let address = words.next().unwrap_or("127.0.0.1:4000");
    let file = Path::new(words.next().unwrap_or("README.md"));
    warn(address, insecure).await?;

    let api = pair::sender::offered();
    let wire = Wire::builder().functions(api).connect(address).await?;
    let hang_up = async || {
        remote!(wire, hang_up())?;
        wire.force_output().await
    };
    tokio::select! {
        toured = pair::sender::tour(&wire, file, hang_up) => toured,
        _ = ctrl_c() => {
            println!("{}", wire.close().await);
            Ok(())
        }
    }
}

async fn warn(address: &str, insecure: bool) -> Result<(), Failure> {
    let elsewhere = lookup_host(address).await?.any(|address| !address.ip().is_loopback());
    if elsewhere && !insecure {
        return Err(format!("{address} is another machine: use a tunnel, or say --insecure").into());
    }
    if elsewhere {
        eprintln!("warning: what goes to {address} can be read and changed on the way");
    }
    Ok(())
}
