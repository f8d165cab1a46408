//! Our library, through its public face: the macros, `#[remote_fn]`, the derive, and the defaults.
//!
//! Two settings exist for what the defaults exclude: `dialect=classic` speaks to a peer as to a
//! CMUCL, and `object_weight=OCTETS` allows objects beyond 64 MiB.

mod client;
mod record;
mod server;

use std::process::ExitCode;

use contestant::{Result, Settings, Threads};
use wire::{Builder, Limits, Wire};

fn main() -> ExitCode {
    contestant::main::<server::Served, client::Connected>(Threads::Any)
}

/// How wires are made at both ends.
fn builder(settings: &Settings) -> Result<Builder> {
    let limits = Limits::default();
    let weight = settings.or("object_weight", limits.object_weight)?;
    let builder = Wire::builder().limits(limits.object_weight(weight));
    Ok(if is_classic(settings)? { builder.classic() } else { builder })
}

fn is_classic(settings: &Settings) -> Result<bool> {
    match settings.or("dialect", "extended".to_owned())?.as_str() {
        "extended" => Ok(false),
        "classic" => Ok(true),
        other => Err(format!("there is no dialect {other:?}").into()),
    }
}
