//! The calling side.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use contestant::{Client, Result, Settings, adds, tasks};
use jsonrpsee::core::client::ClientT;
use jsonrpsee::rpc_params;
use jsonrpsee::ws_client::{WsClient, WsClientBuilder};
use tokio::time::sleep;

use crate::notes::NOTE;
use crate::service::{BenchClient, Record};

#[derive(Clone)]
pub(crate) struct Connected {
    client: Arc<WsClient>,
    /// Octets of texts that were sent.
    sent: Arc<AtomicU64>,
}

impl Client for Connected {
    type Record = Record;

    async fn connect(settings: &Settings) -> Result<Self> {
        let client = WsClientBuilder::new().build(format!("ws://{}", settings.address()?)).await?;
        Ok(Self { client: Arc::new(client), sent: Arc::default() })
    }

    async fn add(&self, a: i32, b: i32) -> Result<i32> {
        Ok(self.client.add(a, b).await?)
    }

    async fn callers(callers: Vec<Self>, each: u64) -> Result<()> {
        tasks(callers, |caller| adds(caller, each)).await
    }

    /// Its server starts a task for each message, so a question may be answered before the last
    /// notifications are handled: it is asked again.
    async fn tell(&self, text: &str, times: u64) -> Result<u64> {
        for _ in 0..times {
            self.client.notification(NOTE, rpc_params![text]).await?;
        }
        let octets = text.len() as u64 * times;
        let sent = self.sent.fetch_add(octets, Ordering::Relaxed) + octets;
        for _ in 0..10_000 {
            let told = self.client.told().await?;
            if told >= sent {
                return Ok(told);
            }
            sleep(Duration::from_micros(200)).await;
        }
        Err("not all texts have come".into())
    }

    async fn echo(&self, octets: &Bytes) -> Result<bool> {
        let text = std::str::from_utf8(octets)?;
        Ok(self.client.echo(text.to_owned()).await? == text)
    }

    async fn echo_records(&self, records: &[Record]) -> Result<bool> {
        Ok(self.client.echo_records(records.to_vec()).await? == records)
    }
}
