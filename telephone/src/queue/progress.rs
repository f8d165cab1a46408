//! Writing down how far runs are.

use futures_util::future::BoxFuture;

use crate::job::Job;

use super::write::{Transaction, Write};

/// The progress of these, as far as they still run.
pub(super) struct StoreProgress(pub(super) Vec<Job>);

impl StoreProgress {
    async fn store(&self, on: &mut Transaction<'_>) -> sqlx::Result<()> {
        for job in &self.0 {
            let Some(progress) = &job.progress else { continue };
            let done = sqlx::query(
                "UPDATE telephone_job SET progress = $1, progress_note = $2
                 WHERE id = $3 AND state = 'running' AND attempts = $4 AND server = $5",
            )
            .bind(progress.fraction)
            .bind(progress.note.as_bytes())
            .bind(job.id.as_str())
            .bind(i64::from(job.attempts))
            .bind(&on.queue.server)
            .execute(&mut *on.connection)
            .await?;
            if done.rows_affected() == 1 {
                on.changed.push(job.clone());
            }
        }
        Ok(())
    }
}

impl Write for StoreProgress {
    type Answer = ();

    fn apply<'a>(&'a self, on: &'a mut Transaction<'_>) -> BoxFuture<'a, sqlx::Result<()>> {
        Box::pin(self.store(on))
    }
}
