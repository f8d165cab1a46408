//! The called side.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use contestant::{Result, Settings};
use tokio::net::TcpListener;
use wire::{CallError, RequestServer, Wire, functions, remote_fn, remote_value};

use crate::builder;
use crate::record::Record;

pub(crate) struct Served;

impl contestant::Server for Served {
    async fn serve(listener: TcpListener, settings: &Settings) -> Result<()> {
        let api =
            functions![add, note, told, echo, echo_text, echo_records, echo_numbers, call_back]
                .state(Arc::new(Told::default()));
        let server = RequestServer::over(listener).wires(builder(settings)?).functions(api);
        Ok(server.serve().await?)
    }
}

/// How many octets of one-way texts have come.
#[derive(Default)]
struct Told(AtomicU64);

#[remote_fn]
fn add(a: i32, b: i32) -> i32 {
    a + b
}

#[remote_fn]
fn note(told: &Told, text: &str) {
    told.0.fetch_add(text.len() as u64, Ordering::Relaxed);
}

#[remote_fn]
fn told(told: &Told) -> u64 {
    told.0.load(Ordering::Relaxed)
}

#[remote_fn]
fn echo(octets: Bytes) -> Bytes {
    octets
}

#[remote_fn]
fn echo_text(text: String) -> String {
    text
}

#[remote_fn]
fn echo_records(records: Vec<Record>) -> Vec<Record> {
    records
}

#[remote_fn]
fn echo_numbers(numbers: Vec<i32>) -> Vec<i32> {
    numbers
}

#[remote_fn]
async fn call_back(wire: &Wire, number: i32) -> std::result::Result<i32, CallError> {
    Ok(remote_value!(wire, double(number) -> i32).value().await? + 1)
}
