//! `Work`: the queue's commands, run by evaluators.

use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::evaluator::Evaluators;
use crate::job::{Hint, Job};
use crate::queue::{ProgressSink, Runner};

pub(super) struct Work(pub(super) Evaluators);

impl Runner for Work {
    fn run(&self, job: Job, progress: ProgressSink) -> BoxFuture<'_, Result<String, Hint>> {
        Box::pin(async move {
            // The evaluators' own limit holds as well.
            let time =
                job.time_limit_ms.map_or_else(|| self.0.limits().time, Duration::from_millis);
            self.0.evaluate(&job.command, time, move |told| progress.report(told)).await
        })
    }
}
