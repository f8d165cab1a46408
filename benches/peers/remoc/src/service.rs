//! What is called, in both directions.

use bytes::Bytes;
use contestant::Sample;
use remoc::rch::mpsc::Receiver;
use remoc::rtc::{self, CallError};
use serde::{Deserialize, Serialize};

#[rtc::remote]
pub(crate) trait Bench {
    async fn add(&self, a: i32, b: i32) -> Result<i32, CallError>;

    /// Counts the octets of texts that come through a channel, until it is closed.
    async fn note(&self, texts: Receiver<String>) -> Result<u64, CallError>;

    async fn echo(&self, octets: Bytes) -> Result<Bytes, CallError>;

    async fn echo_records(&self, records: Vec<Record>) -> Result<Vec<Record>, CallError>;

    /// Tells the server what to call back.
    async fn introduce(&self, doubler: DoublerClient) -> Result<(), CallError>;

    async fn call_back(&self, number: i32) -> Result<i32, CallError>;
}

#[rtc::remote]
pub(crate) trait Doubler {
    async fn double(&self, number: i32) -> Result<i32, CallError>;
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
