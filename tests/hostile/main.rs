//! Peers that break rules, reach limits, go silent and panic: each is met as designed, by name, and
//! whoever does not take part is not disturbed.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

#[path = "../raw/mod.rs"]
mod raw;

mod answers;
mod gate;
mod limits;
mod load;
mod logs;
mod panics;
mod rules;
mod spoofing;
mod time;
mod trees;

use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;
use wire::{Builder, Functions, Limits, Value, Wire, WireError, functions, remote_fn};

use raw::PATIENCE;

#[remote_fn]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

#[remote_fn]
fn echo(value: Value) -> Value {
    value
}

#[remote_fn]
fn length_of(text: String) -> u64 {
    text.len() as u64
}

/// Held up by tests.
#[derive(Default)]
struct Door(Notify);

#[remote_fn]
async fn wait_at(door: &Door) -> i64 {
    door.0.notified().await;
    7
}

fn offered() -> Functions {
    functions![add, echo, length_of]
}

fn builder() -> Builder {
    Wire::builder().functions(offered())
}

fn limited(limits: Limits) -> Builder {
    builder().limits(limits)
}

/// Why the wire ended.
async fn end_of(wire: &Wire) -> WireError {
    timeout(PATIENCE, wire.closed()).await.expect("the wire ends")
}

/// Lets everything run that can, by time that is not real.
async fn pause_for(time: Duration) {
    tokio::time::sleep(time).await;
}
