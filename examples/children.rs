//! A parent with three children, and a wire to each over its standard input and output.
//!
//! ```text
//! cargo run --release --example children
//! ```
//!
//! One of them prints, which does the wire no harm: a child's `println!` goes to standard error. One
//! is killed while a call to it waits, and the call ends.

use std::error::Error;

use tokio::process::{Child, Command};
use wire::{Wire, functions, remote_fn, remote_value};

#[remote_fn]
fn square(n: u64) -> u64 {
    n * n
}

#[remote_fn]
fn chatter() -> u32 {
    println!("a child printed this to its standard output");
    std::process::id()
}

#[remote_fn]
async fn sleep_for_ever() {
    std::future::pending::<()>().await;
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    if std::env::args().nth(1).as_deref() == Some("--child") {
        let api = functions![square, chatter, sleep_for_ever];
        let parent = Wire::builder().functions(api).stdio().await?;
        parent.closed().await;
        return Ok(());
    }
    let (first, _first) = child().await?;
    let (second, _second) = child().await?;
    let (third, mut process) = child().await?;

    // Three processes at once: the calls are made, and then awaited.
    let squares = [&first, &second, &third].map(|wire| remote_value!(wire, square(12) -> u64));
    for square in squares {
        println!("a child says {}", square.value().await?);
    }

    let id = remote_value!(second, chatter() -> u32).value().await?;
    println!(
        "the one that printed still answers: {}",
        second.peer().to_string() == format!("child {id}")
    );

    let waiting = remote_value!(third, sleep_for_ever() -> ());
    third.sync().await?; // it has begun
    process.start_kill()?;
    if let Err(error) = waiting.value().await {
        println!("{error}; did it run? {:?}", error.ran());
    }
    println!("the others live: {}", first.is_open() && second.is_open());
    Ok(())
}

/// This program once more, as a child that dies with us.
async fn child() -> Result<(Wire, Child), Box<dyn Error>> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("--child").kill_on_drop(true);
    Ok(Wire::builder().spawn(command).await?)
}
