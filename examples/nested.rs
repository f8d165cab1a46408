//! Calls among the arguments of calls: one round trip, and what lies between never leaves the peer.
//!
//! ```text
//! cargo run --release --example nested -- FILE
//! ```

use std::error::Error;
use std::{env, fs, io};

use wire::{Wire, functions, remote_fn, remote_value};

#[remote_fn]
fn text_of(file: String) -> io::Result<String> {
    println!("  peer: reads {file}");
    fs::read_to_string(file)
}

#[remote_fn]
fn lines_with(word: &str, text: &str) -> Vec<String> {
    let lines: Vec<_> = text.lines().filter(|line| line.contains(word)).map(String::from).collect();
    println!("  peer: finds {} lines", lines.len());
    lines
}

#[remote_fn]
fn longest(lines: Vec<String>) -> Result<String, &'static str> {
    println!("  peer: looks for the longest");
    lines.into_iter().max_by_key(String::len).ok_or("there are no lines")
}

/// How many octets have passed.
fn octets(wire: &Wire) -> u64 {
    let stats = wire.stats();
    stats.octets_sent + stats.octets_received
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let file = env::args().nth(1).unwrap_or_else(|| String::from("README.md"));
    let (wire, _peer) = Wire::pair(functions![], functions![text_of, lines_with, longest])?;

    println!("One after the other:");
    let before = octets(&wire);
    let text = remote_value!(wire, <text_of>(&file)).value().await?;
    let lines = remote_value!(wire, <lines_with>("wire", &text)).value().await?;
    let line = remote_value!(wire, <longest>(lines)).value().await?;
    println!("{line:?}: three round trips and {} octets", octets(&wire) - before);

    // The peer calls what is marked, and its value takes the place. The compiler checks it there.
    println!("In one:");
    let before = octets(&wire);
    let found = remote_value!(wire, <longest>(@<lines_with>("wire", @<text_of>(&file))));
    assert_eq!(found.value().await?, line);
    println!("the same: one round trip and {} octets", octets(&wire) - before);

    // What unwinds anywhere in it unwinds the whole, and nothing after it runs.
    println!("And where there is no file:");
    let found =
        remote_value!(wire, longest(@lines_with("wire", @text_of("no-such-file"))) -> String);
    if let Err(error) = found.value().await {
        println!("{error}");
    }
    Ok(())
}
