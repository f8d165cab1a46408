//! A server, and a client that has it add.

use std::error::Error;

use futures_util::StreamExt;
use tarpc::client::Config;
use tarpc::context::{self, Context};
use tarpc::serde_transport::tcp;
use tarpc::server::{BaseChannel, Channel};
use tarpc::tokio_serde::formats::Bincode;

#[tarpc::service]
trait Adding {
    async fn add(a: i32, b: i32) -> i32;
}

#[derive(Clone)]
struct Adder;

impl Adding for Adder {
    async fn add(self, _: Context, a: i32, b: i32) -> i32 {
        a + b
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut incoming = tcp::listen("127.0.0.1:0", Bincode::default).await?;
    let address = incoming.local_addr();
    tokio::spawn(async move {
        while let Some(Ok(transport)) = incoming.next().await {
            let requests = BaseChannel::with_defaults(transport).execute(Adder.serve());
            tokio::spawn(requests.for_each(|request| async {
                tokio::spawn(request);
            }));
        }
    });
    let transport = tcp::connect(address, Bincode::default).await?;
    let client = AddingClient::new(Config::default(), transport).spawn();
    println!("{}", client.add(context::current(), 2, 3).await?);
    Ok(())
}
