//! Taking commands, and running them.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{sleep, timeout};

use crate::job::{Hint, Job};

use super::claim::Claim;
use super::end::End;
use super::error::QueueError;
use super::runner::{ProgressSink, Runner};
use super::shared::Shared;
use super::writer::Writer;

/// Takes commands for as many places as are free, until the queue closes.
pub(super) async fn run(writer: Writer) {
    let queue = &writer.queue;
    let mut is_well = true;
    loop {
        let claimed = tokio::select! {
            claimed = claim(&writer) => claimed,
            () = queue.closing.cancelled() => return,
        };
        match claimed {
            Ok(()) => is_well = true,
            Err(QueueError::Closed { .. }) => return,
            Err(error) => {
                if is_well {
                    tracing::error!(%error, "the queue cannot take commands at present");
                }
                is_well = false;
                sleep(REST).await;
            }
        }
    }
}

async fn claim(writer: &Writer) -> Result<(), QueueError> {
    let queue = &writer.queue;
    let Some(runner) = queue.runner() else {
        queue.wake.notified().await;
        return Ok(());
    };
    let mut places = free_places(queue).await?;
    let wanted = places.len();
    let claim = Claim { places: i64::try_from(wanted).unwrap_or(i64::MAX) };
    let jobs = writer.write("take a command", claim).await?;
    let is_all = jobs.len() < wanted;
    for (job, place) in jobs.into_iter().zip(places.drain(..)) {
        queue.runs.spawn(run_one(writer.clone(), Arc::clone(&runner), job, place));
    }
    drop(places);
    if is_all {
        // Other servers' submissions wake this one as well, unless the connection that tells of
        // them is down. Then it looks by itself.
        let _ = timeout(LOOK, queue.wake.notified()).await;
    }
    Ok(())
}

/// All that are free, and at least one.
async fn free_places(queue: &Shared) -> Result<Vec<OwnedSemaphorePermit>, QueueError> {
    let closed = |_| QueueError::Closed { call: "take a command" };
    let first = Arc::clone(&queue.places).acquire_owned().await.map_err(closed)?;
    let mut places = vec![first];
    while let Ok(place) = Arc::clone(&queue.places).try_acquire_owned() {
        places.push(place);
    }
    Ok(places)
}

async fn run_one(writer: Writer, runner: Arc<dyn Runner>, job: Job, place: OwnedSemaphorePermit) {
    let queue = &writer.queue;
    // It may have been called off since.
    let Some(over) = queue.running.over(&job) else { return };
    let progress = ProgressSink::new(&queue.running, &job);
    let run = AssertUnwindSafe(async { runner.run(job.clone(), progress).await }).catch_unwind();
    let outcome = tokio::select! {
        biased;
        () = over.cancelled() => return,
        outcome = run => outcome,
    };
    // The next command may be taken by the transaction that writes down how this one ended.
    drop(place);
    let outcome = outcome.unwrap_or_else(|panic| Err(panicked(panic.as_ref())));
    let end = End::new(&job, outcome, &queue.settings);
    tokio::select! {
        biased;
        () = over.cancelled() => {}
        () = record(&writer, &job, end) => {}
    }
}

/// Keeps at it until it is written: a value that was computed is not lost for want of room.
async fn record(writer: &Writer, job: &Job, end: End) {
    let mut rest = REST;
    loop {
        match writer.write("record how a command ended", end.clone()).await {
            Ok(()) | Err(QueueError::Closed { .. }) => return,
            Err(error) => tracing::error!(id = %job.id, %error, "trying again in {rest:?}"),
        }
        sleep(rest).await;
        rest = (rest * 2).min(LONGEST_REST);
    }
}

fn panicked(panic: &(dyn Any + Send)) -> Hint {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let text = text.unwrap_or("it said nothing that can be shown");
    Hint::new("PANIC", format!("what runs commands on the server panicked: {text}"))
}

/// After a failure that would meet the next attempt as well.
const REST: Duration = Duration::from_millis(500);
const LONGEST_REST: Duration = Duration::from_secs(30);
/// How soon a server looks for commands by itself.
const LOOK: Duration = Duration::from_secs(5);
