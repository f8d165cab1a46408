//! The calling side.

use std::sync::Arc;

use bytes::Bytes;
use contestant::{Client, Result, Settings, adds, tasks};
use futures_util::future::join;
use remoc::prelude::*;
use remoc::rch;
use remoc::rtc::CallError;
use tokio::net::TcpStream;

use crate::configuration;
use crate::service::{Bench, BenchClient, Doubler, DoublerServerShared, Record};

#[derive(Clone)]
pub(crate) struct Connected(BenchClient);

struct Doubled;

impl Doubler for Doubled {
    async fn double(&self, number: i32) -> std::result::Result<i32, CallError> {
        Ok(2 * number)
    }
}

impl Client for Connected {
    type Record = Record;

    async fn connect(settings: &Settings) -> Result<Self> {
        let stream = TcpStream::connect(settings.address()?).await?;
        stream.set_nodelay(true)?;
        let (input, output) = stream.into_split();
        let bench: BenchClient =
            remoc::Connect::io(configuration(), input, output).consume().await?;
        let (server, doubler) =
            DoublerServerShared::<_, remoc::codec::Default>::new(Arc::new(Doubled));
        tokio::spawn(server.serve());
        bench.introduce(doubler).await?;
        Ok(Self(bench))
    }

    async fn add(&self, a: i32, b: i32) -> Result<i32> {
        Ok(self.0.add(a, b).await?)
    }

    async fn callers(callers: Vec<Self>, each: u64) -> Result<()> {
        tasks(callers, |caller| adds(caller, each)).await
    }

    /// A channel is remoc's way to send without an answer.
    async fn tell(&self, text: &str, times: u64) -> Result<u64> {
        let (sender, receiver) = rch::mpsc::channel();
        let counting = self.0.note(receiver);
        let sending = async move {
            for _ in 0..times {
                if sender.send(text.to_owned()).await.is_err() {
                    break;
                }
            }
        };
        let (told, ()) = join(counting, sending).await;
        Ok(told?)
    }

    async fn echo(&self, octets: &Bytes) -> Result<bool> {
        Ok(self.0.echo(octets.clone()).await? == octets)
    }

    async fn echo_records(&self, records: &[Record]) -> Result<bool> {
        Ok(self.0.echo_records(records.to_vec()).await? == records)
    }

    async fn call_back(&self, number: i32) -> Result<i32> {
        Ok(self.0.call_back(number).await?)
    }
}
