//! What runs commands.

use std::fmt;
use std::sync::{Arc, Weak};

use futures_util::future::BoxFuture;

use crate::job::{Hint, Job, JobId, Progress};

use super::running::Running;

/// What runs a queue's commands.
///
/// A run that is called off is dropped where it awaits, at whatever point; it must end what it
/// began by then. One that panics leaves its command unwound, with the hint `PANIC`, and the
/// queue goes on. Time limits are the runner's to keep: [`Job::time_limit_ms`].
pub trait Runner: Send + Sync + 'static {
    /// Runs a command, and returns its value as Lisp prints it, or why there is none.
    ///
    /// That it was begun is on the disk by now. It is called at most once for each
    /// [attempt](Job::attempts).
    fn run(&self, job: Job, progress: ProgressSink) -> BoxFuture<'_, Result<String, Hint>>;
}

/// Where a run tells how far it is.
#[derive(Clone)]
pub struct ProgressSink {
    runs: Weak<Running>,
    id: JobId,
    attempt: u32,
}

impl ProgressSink {
    pub(super) fn new(runs: &Arc<Running>, job: &Job) -> Self {
        Self { runs: Arc::downgrade(runs), id: job.id.clone(), attempt: job.attempts }
    }

    /// Tells it. This costs a lock and no more, however often: the latest is told to followers,
    /// and stored, once a [beat](super::QueueSettings::beat). After the run's end it does nothing.
    ///
    /// Of the note, 1,024 octets are kept.
    pub fn report(&self, mut progress: Progress) {
        let Some(runs) = self.runs.upgrade() else { return };
        truncate(&mut progress.note, NOTE_LENGTH);
        runs.progress(&self.id, self.attempt, progress);
    }
}

impl fmt::Debug for ProgressSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProgressSink({}, attempt {})", self.id, self.attempt)
    }
}

/// Keeps so many octets at most, and whole characters.
pub(super) fn truncate(text: &mut String, octets: usize) {
    let mut end = text.len().min(octets);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
}

/// A line or two for people.
const NOTE_LENGTH: usize = 1024;
