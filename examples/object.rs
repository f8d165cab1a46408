//! A counter behind a token: the object stays in its process, and others hold its name.
//!
//! ```text
//! cargo run --release --example object
//! ```

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tokio::process::Command;
use wire::{ObjectError, Remote, Wire, functions, list_remote_objects, remote_fn, remote_value};

struct Counter(AtomicI64);

/// What goes out is a token. The same `Arc` has the same token; here each call makes a new one.
#[remote_fn]
fn make_counter(from: i64) -> Remote<Counter> {
    Remote::new(Arc::new(Counter(AtomicI64::new(from))))
}

/// A token that comes home is the object again.
#[remote_fn]
fn count(counter: Remote<Counter>) -> Result<i64, ObjectError> {
    Ok(counter.value()?.0.fetch_add(1, Ordering::Relaxed) + 1)
}

#[remote_fn]
fn forget(counter: Remote) -> bool {
    counter.forget()
}

/// How many objects the owner keeps for others.
#[remote_fn]
fn kept() -> usize {
    list_remote_objects().len()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    if std::env::args().nth(1).as_deref() == Some("--owner") {
        let api = functions![make_counter, count, forget, kept];
        Wire::builder().functions(api).stdio().await?.closed().await;
        return Ok(());
    }
    let mut owner = Command::new(std::env::current_exe()?);
    owner.arg("--owner").kill_on_drop(true);
    let (wire, _owner) = Wire::builder().spawn(owner).await?;

    let counter = remote_value!(wire, make_counter(40) -> Remote).value().await?;
    let other = remote_value!(wire, make_counter(0) -> Remote).value().await?;
    println!("the same object: {}; in this process: {}", counter == other, counter.is_local());
    remote_value!(wire, count(counter) -> i64).value().await?;
    println!("counted to {}", remote_value!(wire, count(counter) -> i64).value().await?);

    // When the last handle here is dropped, the owner is told, and lets the object go.
    println!("kept: {}", remote_value!(wire, kept() -> usize).value().await?);
    drop(other);
    while remote_value!(wire, kept() -> usize).value().await? > 1 {}
    println!("kept: 1");

    // The owner can forget an object at any time; whoever still has its name is told so.
    remote_value!(wire, forget(counter) -> bool).value().await?;
    if let Err(error) = remote_value!(wire, count(counter) -> i64).value().await {
        println!("{error}");
    }
    Ok(())
}
