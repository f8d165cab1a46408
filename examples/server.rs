//! The server of `pair`, for a client in another terminal or on another machine.
//!
//! ```text
//! cargo run --release --example server -- 127.0.0.1:4000
//! cargo run --release --example server -- --insecure 0.0.0.0:4000
//! ```
//!
//! The second lets everybody who can reach this machine call the functions in `pair/reader.rs`, and
//! lets those on the way read and change what passes; between machines that do not trust their
//! network, leave the server on loopback and put a tunnel (`ssh -L 4000:127.0.0.1:4000 server`)
//! between. Ctrl-C ends it in good order.

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use tokio::signal::ctrl_c;
use wire::RequestServer;

mod pair {
    pub(crate) mod count;
    pub(crate) mod reader;
    pub(crate) mod show;
}

#[tokio::main]
async fn main() -> ExitCode {
    let Err(error) = run().await else {
        return ExitCode::SUCCESS;
    };
    eprintln!("server: {error}");
    ExitCode::FAILURE
}

async fn run() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let server = match words[..] {
        [] => RequestServer::bind("127.0.0.1:4000").await?,
        ["--insecure", address] => {
            eprintln!("warning: whoever reaches {address} can call this program, unencrypted");
            RequestServer::bind_insecure(address).await?
        }
        [address] => RequestServer::bind(address).await?,
        _ => return Err("usage: server [--insecure] [ADDRESS]".into()),
    };
    let handle = server.handle();
    if let Some(address) = handle.local_addr() {
        println!("listening on {address}; ctrl-c ends");
    }
    let serving = tokio::spawn(pair::reader::reader(server).serve());
    ctrl_c().await?;
    println!("closing {} wires", handle.wires().len());
    handle.shutdown(Duration::from_secs(5)).await;
    Ok(serving.await??)
}
