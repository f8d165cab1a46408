//! A server, and a client that has it add.
#![expect(unreachable_pub, clippy::allow_attributes, reason = "so is generated code")]

use std::error::Error;

use tokio::net::TcpListener;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

use crate::proto::adding_client::AddingClient;
use crate::proto::adding_server::{Adding, AddingServer};
use crate::proto::{Sum, Summands};

mod proto {
    tonic::include_proto!("adding");
}

struct Adder;

#[tonic::async_trait]
impl Adding for Adder {
    async fn add(&self, request: Request<Summands>) -> Result<Response<Sum>, Status> {
        let Summands { a, b } = request.into_inner();
        Ok(Response::new(Sum { sum: a + b }))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let incoming = TcpIncoming::from(listener);
    let mut server = Server::builder();
    let router = server.add_service(AddingServer::new(Adder));
    tokio::spawn(router.serve_with_incoming(incoming));
    let mut client = AddingClient::connect(format!("http://{address}")).await?;
    println!("{}", client.add(Summands { a: 2, b: 3 }).await?.into_inner().sum);
    Ok(())
}
