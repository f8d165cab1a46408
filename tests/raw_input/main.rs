//! Functions that read untagged data behind their calls: what they read at any cut, what fails
//! meanwhile, and how the wire ends where nobody knows where the next object begins.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

#[path = "../raw/mod.rs"]
mod raw;

mod gate;
mod held;
mod hostile;
mod lost;
mod reading;
mod sending;
mod stress;
mod time;

use std::sync::Arc;

use num_bigint::BigInt;
use tokio::sync::Notify;
use tokio::time::timeout;
use wire::{Builder, Functions, RawError, RawInput, Value, Wire, WireError, functions, remote_fn};

use raw::PATIENCE;

#[remote_fn]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

/// What the caller says comes, read in that order.
#[remote_fn(raw)]
async fn read(input: &mut RawInput<'_>, items: Vec<String>) -> Result<Vec<Value>, RawError> {
    let mut values = Vec::new();
    for item in items {
        values.push(match &*item {
            "byte" => Value::from(input.byte().await?),
            "number" => Value::from(input.number().await?),
            "string" => Value::from(input.string().await?),
            "bignum" => Value::from(input.bignum().await?),
            "object" => input.object::<Value>().await?,
            count => {
                let octets = input.octets(count.parse().unwrap()).await?;
                Value::from(octets.escape_ascii().to_string())
            }
        });
    }
    Ok(values)
}

/// Held up by tests.
#[derive(Default)]
struct Door {
    reached: Notify,
    opened: Notify,
}

impl Door {
    async fn pass(&self) {
        self.reached.notify_one();
        self.opened.notified().await;
    }
}

/// Reads a number after the door has opened.
#[remote_fn(raw)]
async fn wait_and_read(input: &mut RawInput<'_>, door: &Door) -> Result<i32, RawError> {
    door.pass().await;
    input.number().await
}

/// Returns when the door has opened.
#[remote_fn]
async fn open(door: &Door) -> i64 {
    door.pass().await;
    7
}

fn offered(door: &Arc<Door>) -> Functions {
    functions![add, read, wait_and_read, open].state(Arc::clone(door))
}

fn builder() -> Builder {
    with_door(&Arc::default())
}

fn with_door(door: &Arc<Door>) -> Builder {
    Wire::builder().functions(offered(door))
}

/// Why the wire ended.
async fn end_of(wire: &Wire) -> WireError {
    timeout(PATIENCE, wire.closed()).await.expect("the wire ends")
}

/// What `future` gives, unless it hangs.
async fn within<F: Future>(future: F) -> F::Output {
    timeout(PATIENCE, future).await.expect("it must not hang")
}

fn big() -> BigInt {
    BigInt::from(-7) << 100
}
