//! The called side.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use contestant::{Result, Settings};
use futures_util::StreamExt;
use tarpc::context::Context;
use tarpc::server::{BaseChannel, Channel};
use tokio::net::TcpListener;

use crate::service::{Bench, Record, transport};

#[derive(Clone, Default)]
pub(crate) struct Served {
    /// Octets of texts.
    told: Arc<AtomicU64>,
}

impl contestant::Server for Served {
    async fn serve(listener: TcpListener, _settings: &Settings) -> Result<()> {
        let served = Self::default();
        loop {
            let (stream, _) = listener.accept().await?;
            let channel = BaseChannel::with_defaults(transport(stream)?);
            // Each request in a task of its own: tarpc's way to handle them concurrently.
            let requests = channel.execute(served.clone().serve());
            tokio::spawn(requests.for_each(|request| async {
                tokio::spawn(request);
            }));
        }
    }
}

impl Bench for Served {
    async fn add(self, _: Context, a: i32, b: i32) -> i32 {
        a + b
    }

    async fn note(self, _: Context, text: String) {
        self.told.fetch_add(text.len() as u64, Ordering::Relaxed);
    }

    async fn told(self, _: Context) -> u64 {
        self.told.load(Ordering::Relaxed)
    }

    async fn echo(self, _: Context, octets: Bytes) -> Bytes {
        octets
    }

    async fn echo_records(self, _: Context, records: Vec<Record>) -> Vec<Record> {
        records
    }
}
