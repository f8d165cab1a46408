//! The calling side.

use bytes::Bytes;
use contestant::{Client, Result, Settings, adds, tasks};
use futures_util::stream;
use tonic::transport::{Channel, Endpoint};

use crate::CONNECTION_WINDOW;
use crate::proto::bench_client::BenchClient;
use crate::proto::{Octets, Record, Records, Summands, Text};

#[derive(Clone)]
pub(crate) struct Connected(BenchClient<Channel>);

impl Client for Connected {
    type Record = Record;

    async fn connect(settings: &Settings) -> Result<Self> {
        let endpoint = Endpoint::from_shared(format!("http://{}", settings.address()?))?;
        let endpoint = endpoint.tcp_nodelay(true).initial_connection_window_size(CONNECTION_WINDOW);
        Ok(Self(BenchClient::new(endpoint.connect().await?)))
    }

    async fn add(&self, a: i32, b: i32) -> Result<i32> {
        Ok(self.0.clone().add(Summands { a, b }).await?.into_inner().sum)
    }

    async fn callers(callers: Vec<Self>, each: u64) -> Result<()> {
        tasks(callers, |caller| adds(caller, each)).await
    }

    async fn tell(&self, text: &str, times: u64) -> Result<u64> {
        let text = text.to_owned();
        let texts = (0..times).map(move |_| Text { text: text.clone() });
        Ok(self.0.clone().note(stream::iter(texts)).await?.into_inner().octets)
    }

    async fn echo(&self, octets: &Bytes) -> Result<bool> {
        let message = Octets { octets: octets.clone() };
        Ok(self.0.clone().echo(message).await?.into_inner().octets == octets)
    }

    async fn echo_records(&self, records: &[Record]) -> Result<bool> {
        let message = Records { records: records.to_vec() };
        Ok(self.0.clone().echo_records(message).await?.into_inner().records == records)
    }
}
