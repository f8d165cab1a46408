//! What the macros mean, over pairs of wires; with every lint denied that a user may deny.
#![deny(
    warnings,
    clippy::all,
    clippy::pedantic,
    clippy::allow_attributes,
    missing_debug_implementations,
    missing_docs,
    non_camel_case_types,
    rust_2018_idioms,
    single_use_lifetimes,
    trivial_casts,
    unreachable_code,
    unreachable_pub,
    unused_qualifications
)]
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]
#![expect(clippy::needless_pass_by_value, reason = "what a caller sends is owned")]

mod bind;
mod calls;
mod data;
mod derives;
mod functions;
mod hygiene;
mod nested;
mod typed;

use std::error::Error;
use std::sync::{Arc, Mutex};

use wire::{Functions, Value, Wire, functions, remote_fn};

type Tested = Result<(), Box<dyn Error>>;

/// What the peer was told.
#[derive(Debug, Default)]
struct Log(Mutex<Vec<String>>);

impl Log {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

#[remote_fn]
fn note(log: &Log, what: Value) {
    log.0.lock().unwrap().push(what.to_string());
}

#[remote_fn]
fn note_both(log: &Log, first: Value, second: Value) {
    log.0.lock().unwrap().push(format!("{first} {second}"));
}

/// A wire whose peer offers `api` and keeps a log, the peer, and the log.
fn pair_with(api: Functions) -> Result<(Wire, Wire, Arc<Log>), wire::FunctionsError> {
    let log = Arc::new(Log::default());
    let api = functions![note, note_both].state(log.clone()).merge(api);
    let (here, there) = Wire::pair(functions![], api)?;
    Ok((here, there, log))
}

/// Compiles if a future can be spawned.
fn spawnable<F: Future + Send>(future: F) -> F {
    future
}
