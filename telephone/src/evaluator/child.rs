//! The evaluator itself: what runs in the child process.

mod condition;
mod context;
mod convert;
mod engine;
mod natives;
mod sandbox;
mod worker;

use std::env;
use std::process::exit;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::runtime;
use wire::{Limits, Wire, functions, remote_fn};

use crate::evaluator::message::{Answer, Settings};
use worker::Worker;

/// The variable of the environment that makes a process an evaluator.
pub(super) const MARK: &str = "TELEPHONE_EVALUATOR";

/// Whether this program has said that it would serve as an evaluator.
static WOULD_SERVE: AtomicBool = AtomicBool::new(false);

pub(super) fn would_serve() -> bool {
    WOULD_SERVE.load(Ordering::Relaxed)
}

/// Makes this process an evaluator, if it was started as one; else it does nothing.
///
/// Call it first of all in `main`, before anything is read, printed or started:
/// [`Evaluators`](super::Evaluators) start the program anew and have it serve them. In such a
/// process it does not return.
///
/// ```
/// telephone::evaluator::serve_if_child();
/// // here the program itself begins
/// ```
pub fn serve_if_child() {
    WOULD_SERVE.store(true, Ordering::Relaxed);
    if env::var_os(MARK).is_none() {
        return;
    }
    match serve() {
        Ok(()) => exit(0),
        Err(error) => {
            eprintln!("the evaluator cannot serve: {error}");
            exit(1)
        }
    }
}

/// Whether a function of the language is written in Rust.
#[cfg(test)]
pub(crate) fn is_native(name: &str) -> bool {
    natives::all().any(|(native, _)| native == name)
}

/// One thread for the wire. What evaluates has one of its own.
fn serve() -> Result<(), Box<dyn std::error::Error>> {
    sandbox::no_core_and_no_files_written()?;
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let offered = functions![prepare, evaluate, interrupt];
        // The parent says what may be long; it is not to be guarded against.
        let limits = Limits::default().object_weight(u64::MAX / 2);
        let builder = Wire::builder().functions(offered).insert(Slot::default());
        let wire = builder.limits(limits).extended().no_keepalive().stdio().await?;
        // With the wire the parent is gone, and whatever runs is for nobody.
        wire.closed().await;
        exit(0)
    })
}

/// Where the worker is, once the parent has said how it shall be.
#[derive(Debug, Default)]
struct Slot(OnceLock<Worker>);

/// Makes the engine, and gives up all that is not needed from here on.
#[remote_fn(package = "TELEPHONE-EVALUATOR")]
async fn prepare(slot: &Slot, wire: &Wire, settings: Settings) -> Result<(), String> {
    let memory = settings.memory;
    let status = sandbox::open_status();
    let worker = Worker::start(wire.clone(), settings).await?;
    sandbox::restrict(status, memory).map_err(|error| format!("no limits can be set: {error}"))?;
    slot.0.set(worker).map_err(|_| "the evaluator is prepared already".to_owned())
}

/// Runs a command.
#[remote_fn(package = "TELEPHONE-EVALUATOR")]
async fn evaluate(slot: &Slot, command: String) -> Result<Answer, String> {
    let worker = slot.0.get().ok_or("the evaluator is not prepared")?;
    Ok(worker.evaluate(command).await)
}

/// Has the command that runs stop.
#[remote_fn(package = "TELEPHONE-EVALUATOR")]
fn interrupt(slot: &Slot) {
    if let Some(worker) = slot.0.get() {
        worker.interrupt();
    }
}
