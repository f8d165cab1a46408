//! Calls among the arguments of calls, over real wires and in both dialects: what runs, in which
//! order, and what comes of it.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod limits;
mod objects;
mod order;
#[path = "../raw/mod.rs"]
#[expect(dead_code, reason = "shared with the hostile peers, which use more of it")]
mod raw;
#[path = "../support/mod.rs"]
mod support;
mod trip;
mod unwinding;

use std::sync::{Arc, Mutex};

use support::{everywhere, offers};
use wire::{Wire, functions, remote_fn};

/// What has run, in order.
#[derive(Default)]
struct Run(Mutex<Vec<String>>);

impl Run {
    fn note(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

#[remote_fn]
fn plain(run: &Run, name: &str, value: i64) -> i64 {
    run.note(name);
    value
}

#[remote_fn]
async fn slow(run: &Run, name: String, value: i64) -> i64 {
    run.note(name);
    tokio::task::yield_now().await;
    value
}

#[remote_fn(blocking)]
fn blocking(run: &Run, name: String, value: i64) -> i64 {
    run.note(name);
    value
}

#[remote_fn]
fn sum(run: &Run, a: i64, b: i64, c: i64) -> i64 {
    run.note("sum");
    a + b + c
}

#[remote_fn]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

/// Runs `test` on a wire and what its peer has run: over every stream, in the extended dialect, and
/// in the classic one by a handle that takes what is left over.
async fn in_both_dialects(more: wire::Functions, test: impl AsyncFn(Wire, Arc<Run>)) {
    let run = Arc::new(Run::default());
    let api = functions![plain, slow, blocking, sum, add].merge(more).state(Arc::clone(&run));
    everywhere(offers(functions![]), offers(api.clone()), async |here, _there| {
        test(here, Arc::clone(&run)).await;
    })
    .await;
    everywhere(offers(functions![]).classic(), offers(api), async |here, _there| {
        test(here.allow_leftover_calls(), Arc::clone(&run)).await;
    })
    .await;
}
