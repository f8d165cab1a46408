//! The called side.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use contestant::{Result, Settings};
use remoc::prelude::*;
use remoc::rch::mpsc::Receiver;
use remoc::rtc::CallError;
use tokio::net::{TcpListener, TcpStream};

use crate::configuration;
use crate::service::{Bench, BenchServerShared, Doubler, DoublerClient, Record};

/// One for each connection, since each has a doubler of its own.
#[derive(Default)]
pub(crate) struct Served {
    /// Octets of texts.
    told: AtomicU64,
    doubler: OnceLock<DoublerClient>,
}

impl contestant::Server for Served {
    async fn serve(listener: TcpListener, _settings: &Settings) -> Result<()> {
        loop {
            let (stream, _) = listener.accept().await?;
            tokio::spawn(async move {
                if let Err(error) = serve(stream).await {
                    eprintln!("remoc: {error}");
                }
            });
        }
    }
}

async fn serve(stream: TcpStream) -> Result<()> {
    stream.set_nodelay(true)?;
    let (input, output) = stream.into_split();
    let (server, client) =
        BenchServerShared::<_, remoc::codec::Default>::new(Arc::new(Served::default()));
    remoc::Connect::io(configuration(), input, output).provide(client).await?;
    server.serve().await.map_err(|error| error.to_string().into())
}

impl Bench for Served {
    async fn add(&self, a: i32, b: i32) -> std::result::Result<i32, CallError> {
        Ok(a + b)
    }

    async fn note(&self, mut texts: Receiver<String>) -> std::result::Result<u64, CallError> {
        // An error of the channel shows in the sum.
        while let Ok(Some(text)) = texts.recv().await {
            self.told.fetch_add(text.len() as u64, Ordering::Relaxed);
        }
        Ok(self.told.load(Ordering::Relaxed))
    }

    async fn echo(&self, octets: Bytes) -> std::result::Result<Bytes, CallError> {
        Ok(octets)
    }

    async fn echo_records(
        &self,
        records: Vec<Record>,
    ) -> std::result::Result<Vec<Record>, CallError> {
        Ok(records)
    }

    async fn introduce(&self, doubler: DoublerClient) -> std::result::Result<(), CallError> {
        self.doubler.set(doubler).map_err(|_| CallError::Dropped)
    }

    async fn call_back(&self, number: i32) -> std::result::Result<i32, CallError> {
        let doubler = self.doubler.get().ok_or(CallError::Dropped)?;
        Ok(doubler.double(number).await? + 1)
    }
}
