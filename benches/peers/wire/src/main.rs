//! Our library, through its public face: the macros, `#[remote_fn]`, the derive, and the defaults.
//!
//! Settings exist for what the defaults exclude: `dialect=classic` speaks to a peer as to a CMUCL,
//! `object_weight=OCTETS` allows objects beyond 64 MiB, and `busy_poll=0`, in µs, has the wires'
//! tasks sleep at once.

mod client;
mod record;
mod server;

use std::process::ExitCode;
use std::time::Duration;

use contestant::{Result, Settings, Threads};
use wire::{Builder, Limits, Wire};

fn main() -> ExitCode {
    contestant::main::<server::Served, client::Connected>(Threads::Any)
}

/// How wires are made at both ends.
fn builder(settings: &Settings) -> Result<Builder> {
    let limits = Limits::default();
    let weight = settings.or("object_weight", limits.object_weight)?;
    let awake = settings.or("busy_poll", limits.busy_poll.as_micros() as u64)?;
    let limits = limits.object_weight(weight).busy_poll(Duration::from_micros(awake));
    let builder = Wire::builder().limits(limits);
    Ok(if is_classic(settings)? { builder.classic() } else { builder })
}

fn is_classic(settings: &Settings) -> Result<bool> {
    match settings.or("dialect", "extended".to_owned())?.as_str() {
        "extended" => Ok(false),
        "classic" => Ok(true),
        other => Err(format!("there is no dialect {other:?}").into()),
    }
}
