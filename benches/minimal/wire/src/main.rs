//! A server, and a client that has it add.

use std::error::Error;

use wire::{RequestServer, Wire, functions, remote_fn, remote_value};

#[remote_fn]
fn add(a: i32, b: i32) -> i32 {
    a + b
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = RequestServer::bind("127.0.0.1:0").await?.functions(functions![add]);
    let address = server.local_addr().ok_or("no address")?;
    tokio::spawn(server.serve());
    let wire = Wire::connect(address).await?;
    println!("{}", remote_value!(wire, add(2, 3) -> i32).value().await?);
    Ok(())
}
