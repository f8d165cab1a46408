//! The calling side.

use bytes::Bytes;
use contestant::{Client, Result, Settings, adds, tasks};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use tarpc::client::Config;
use tarpc::context;
use tokio::net::TcpStream;

use crate::service::{BenchClient, Record, transport};

/// It has no calls without answers: so many are on their way at a time, half of what it allows.
const PIPELINED: usize = 500;

#[derive(Clone)]
pub(crate) struct Connected(BenchClient);

impl Client for Connected {
    type Record = Record;

    async fn connect(settings: &Settings) -> Result<Self> {
        let stream = TcpStream::connect(settings.address()?).await?;
        Ok(Self(BenchClient::new(Config::default(), transport(stream)?).spawn()))
    }

    async fn add(&self, a: i32, b: i32) -> Result<i32> {
        Ok(self.0.add(context::current(), a, b).await?)
    }

    async fn callers(callers: Vec<Self>, each: u64) -> Result<()> {
        tasks(callers, |caller| adds(caller, each)).await
    }

    async fn tell(&self, text: &str, times: u64) -> Result<u64> {
        let note = |_| self.0.note(context::current(), text.to_owned());
        let notes = stream::iter(0..times).map(note).buffer_unordered(PIPELINED);
        notes.try_for_each(|()| async { Ok(()) }).await?;
        Ok(self.0.told(context::current()).await?)
    }

    async fn echo(&self, octets: &Bytes) -> Result<bool> {
        Ok(self.0.echo(context::current(), octets.clone()).await? == octets)
    }

    async fn echo_records(&self, records: &[Record]) -> Result<bool> {
        Ok(self.0.echo_records(context::current(), records.to_vec()).await? == records)
    }
}
