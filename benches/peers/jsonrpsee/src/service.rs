//! What is called.

use contestant::Sample;
use jsonrpsee::core::RpcResult;
use jsonrpsee::proc_macros::rpc;
use serde::{Deserialize, Serialize};

/// Methods that do not wait are plain functions, which it runs where they were received.
#[rpc(client, server)]
pub(crate) trait Bench {
    #[method(name = "add")]
    fn add(&self, a: i32, b: i32) -> RpcResult<i32>;

    #[method(name = "told")]
    fn told(&self) -> RpcResult<u64>;

    /// JSON has no octets: they go as text.
    #[method(name = "echo")]
    fn echo(&self, octets: String) -> RpcResult<String>;

    #[method(name = "echo_records")]
    fn echo_records(&self, records: Vec<Record>) -> RpcResult<Vec<Record>>;
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
