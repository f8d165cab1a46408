//! A real CMUCL at the other end, as server and as client.
//!
//! Where it is not installed these tests say so and pass, unless `WIRE_NEEDS_CMUCL` is set, as
//! `.ci/run` does: then they fail. On Debian (amd64):
//! `dpkg --add-architecture i386 && apt-get update && apt-get install cmucl:i386`
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

#[path = "../support/example.rs"]
mod example;
mod lisp;
mod offer;
#[path = "../raw/mod.rs"]
#[expect(dead_code, reason = "those who break rules need more of it")]
mod raw_peer;
#[macro_use]
mod live;
#[path = "../octets/names.rs"]
mod names;
mod program;
#[path = "../octets/table.rs"]
mod table;
#[path = "../support/tap.rs"]
mod tap;
mod terminal;

mod bignums;
mod callbacks;
mod counting;
mod death;
mod exported;
mod extended;
mod large;
mod nested;
mod objects;
mod packages;
mod pipelined;
mod raw;
mod readme;
mod recording;
mod several;
mod tapped;
mod unmodified;
mod unwinding;
mod values;
