//! Writing down how a run ended.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::job::{Hint, Job, JobId};

use super::row::{self, COLUMNS};
use super::runner::truncate;
use super::settings::QueueSettings;
use super::write::{Transaction, Write};

/// The value or the hint of an attempt, if that is still running as far as the database knows.
#[derive(Clone)]
pub(super) struct End {
    id: JobId,
    attempt: u32,
    outcome: Arc<Result<String, Hint>>,
}

impl End {
    pub(super) fn new(job: &Job, outcome: Result<String, Hint>, settings: &QueueSettings) -> Self {
        let outcome = outcome.and_then(|value| fits(value, settings.value_length));
        let outcome = outcome.map_err(|mut hint| {
            truncate(&mut hint.condition, CONDITION_LENGTH);
            truncate(&mut hint.message, MESSAGE_LENGTH);
            hint
        });
        Self { id: job.id.clone(), attempt: job.attempts, outcome: Arc::new(outcome) }
    }

    async fn end(&self, on: &mut Transaction<'_>) -> sqlx::Result<()> {
        let (state, value, hint) = match &*self.outcome {
            Ok(value) => ("finished", Some(value), None),
            Err(hint) => ("unwound", None, Some(hint)),
        };
        let statement = format!(
            "UPDATE telephone_job
             SET state = $1, value = $2, hint_condition = $3, hint_message = $4, ended_ms = $5,
                 progress = NULL, progress_note = NULL, server = NULL
             WHERE id = $6 AND state = 'running' AND attempts = $7 AND server = $8
             RETURNING {COLUMNS}"
        );
        let row = sqlx::query(&statement)
            .bind(state)
            .bind(value.map(String::as_bytes))
            .bind(hint.map(|hint| hint.condition.as_bytes()))
            .bind(hint.map(|hint| hint.message.as_bytes()))
            .bind(on.now_ms)
            .bind(self.id.as_str())
            .bind(i64::from(self.attempt))
            .bind(&on.queue.server)
            .fetch_optional(&mut *on.connection)
            .await?;
        // If there is none, somebody else ended it, and told.
        on.changed.extend(row.as_ref().map(row::job).transpose()?);
        Ok(())
    }
}

impl Write for End {
    type Answer = ();

    fn apply<'a>(&'a self, on: &'a mut Transaction<'_>) -> BoxFuture<'a, sqlx::Result<()>> {
        Box::pin(self.end(on))
    }
}

fn fits(value: String, limit: usize) -> Result<String, Hint> {
    if value.len() <= limit {
        return Ok(value);
    }
    let message = format!(
        "the value is {} octets long, and `QueueSettings::value_length` is {limit}; return less of \
         it, or in parts",
        value.len()
    );
    Err(Hint::new("VALUE-TOO-LONG", message))
}

/// A symbol's name.
const CONDITION_LENGTH: usize = 256;
/// A page or ten of what happened; a hint is for people.
const MESSAGE_LENGTH: usize = 64 << 10;
