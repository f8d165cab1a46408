//! Calling a command off.

use futures_util::future::BoxFuture;

use crate::job::JobId;

use super::row::{self, COLUMNS};
use super::write::{Transaction, Write};

/// Calls it off, if it has not ended. A run of it is dropped when that is on the disk.
pub(super) struct Cancel {
    pub(super) id: JobId,
}

impl Cancel {
    async fn cancel(&self, on: &mut Transaction<'_>) -> sqlx::Result<()> {
        let statement = format!(
            "UPDATE telephone_job
             SET state = 'cancelled', ended_ms = $1, server = NULL,
                 progress = NULL, progress_note = NULL
             WHERE id = $2 AND state IN ('waiting', 'running')
             RETURNING {COLUMNS}"
        );
        let row = sqlx::query(&statement)
            .bind(on.now_ms)
            .bind(self.id.as_str())
            .fetch_optional(&mut *on.connection)
            .await?;
        on.changed.extend(row.as_ref().map(row::job).transpose()?);
        on.waiting = None;
        Ok(())
    }
}

impl Write for Cancel {
    type Answer = ();

    fn apply<'a>(&'a self, on: &'a mut Transaction<'_>) -> BoxFuture<'a, sqlx::Result<()>> {
        Box::pin(self.cancel(on))
    }
}
