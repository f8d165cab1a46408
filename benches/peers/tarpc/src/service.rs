//! What is called, and what it is called over.

use bytes::Bytes;
use contestant::{Result, Sample};
use serde::{Deserialize, Serialize};
use tarpc::serde_transport::{self, Transport};
use tarpc::tokio_serde::formats::Bincode;
use tarpc::tokio_util::codec::LengthDelimitedCodec;
use tokio::net::TcpStream;

#[tarpc::service]
pub(crate) trait Bench {
    async fn add(a: i32, b: i32) -> i32;
    async fn note(text: String);
    async fn told() -> u64;
    async fn echo(octets: Bytes) -> Bytes;
    async fn echo_records(records: Vec<Record>) -> Vec<Record>;
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Record {
    number: u64,
    text: String,
    ratio: f64,
}

impl From<Sample> for Record {
    fn from(Sample { number, text, ratio }: Sample) -> Self {
        Self { number, text, ratio }
    }
}

/// What `serde_transport::tcp` makes, on a socket that does not wait to send.
pub(crate) fn transport<Item, Sent>(
    stream: TcpStream,
) -> Result<Transport<TcpStream, Item, Sent, Bincode<Item, Sent>>>
where
    Item: for<'de> Deserialize<'de>,
    Sent: Serialize,
{
    stream.set_nodelay(true)?;
    let framed = LengthDelimitedCodec::builder().new_framed(stream);
    Ok(serde_transport::new(framed, Bincode::default()))
}
