//! The called side.

use std::sync::atomic::{AtomicU64, Ordering};

use contestant::{Result, Settings};
use tokio::net::TcpListener;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status, Streaming};

use crate::CONNECTION_WINDOW;
use crate::proto::bench_server::{Bench, BenchServer};
use crate::proto::{Octets, Records, Sum, Summands, Text, Told};

#[derive(Default)]
pub(crate) struct Served {
    /// Octets of texts.
    told: AtomicU64,
}

type Answer<T> = std::result::Result<Response<T>, Status>;

impl contestant::Server for Served {
    async fn serve(listener: TcpListener, _settings: &Settings) -> Result<()> {
        // The builder's own setting does not reach a listener that is brought along.
        let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
        let mut server =
            tonic::transport::Server::builder().initial_connection_window_size(CONNECTION_WINDOW);
        let service = BenchServer::new(Self::default());
        Ok(server.add_service(service).serve_with_incoming(incoming).await?)
    }
}

#[tonic::async_trait]
impl Bench for Served {
    async fn add(&self, request: Request<Summands>) -> Answer<Sum> {
        let Summands { a, b } = request.into_inner();
        Ok(Response::new(Sum { sum: a + b }))
    }

    async fn note(&self, request: Request<Streaming<Text>>) -> Answer<Told> {
        let mut texts = request.into_inner();
        while let Some(Text { text }) = texts.message().await? {
            self.told.fetch_add(text.len() as u64, Ordering::Relaxed);
        }
        Ok(Response::new(Told { octets: self.told.load(Ordering::Relaxed) }))
    }

    async fn echo(&self, request: Request<Octets>) -> Answer<Octets> {
        Ok(Response::new(request.into_inner()))
    }

    async fn echo_records(&self, request: Request<Records>) -> Answer<Records> {
        Ok(Response::new(request.into_inner()))
    }
}
