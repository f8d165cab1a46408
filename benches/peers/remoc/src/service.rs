//! What is called, in both directions.

use bytes::Bytes;
use contestant::Sample;
use remoc::rch::mpsc::Receiver;
use remoc::rtc::{self, CallError};
use serde::{Deserialize, Serialize};

/// Names of one octet each, as remoc recommends to those who want small requests.
#[rtc::remote]
pub(crate) trait Bench {
    #[serde(rename = "_0")]
    async fn add(
        &self,
        #[serde(rename = "_0")] a: i32,
        #[serde(rename = "_1")] b: i32,
    ) -> Result<i32, CallError>;

    /// Counts the octets of texts that come through a channel, until it is closed.
    #[serde(rename = "_1")]
    async fn note(&self, #[serde(rename = "_0")] texts: Receiver<String>)
    -> Result<u64, CallError>;

    #[serde(rename = "_2")]
    async fn echo(&self, #[serde(rename = "_0")] octets: Bytes) -> Result<Bytes, CallError>;

    #[serde(rename = "_3")]
    async fn echo_records(
        &self,
        #[serde(rename = "_0")] records: Vec<Record>,
    ) -> Result<Vec<Record>, CallError>;

    /// Tells the server what to call back.
    #[serde(rename = "_4")]
    async fn introduce(
        &self,
        #[serde(rename = "_0")] doubler: DoublerClient,
    ) -> Result<(), CallError>;

    #[serde(rename = "_5")]
    async fn call_back(&self, #[serde(rename = "_0")] number: i32) -> Result<i32, CallError>;
}

#[rtc::remote]
pub(crate) trait Doubler {
    #[serde(rename = "_0")]
    async fn double(&self, #[serde(rename = "_0")] number: i32) -> Result<i32, CallError>;
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Record {
    #[serde(rename = "_0")]
    number: u64,
    #[serde(rename = "_1")]
    text: String,
    #[serde(rename = "_2")]
    ratio: f64,
}

impl From<Sample> for Record {
    fn from(Sample { number, text, ratio }: Sample) -> Self {
        Self { number, text, ratio }
    }
}
