//! Beginning commands: first come, first served.

use futures_util::future::BoxFuture;

use crate::job::Job;

use super::row::{self, COLUMNS};
use super::shared::Shared;
use super::write::{Transaction, Write};

/// Takes so many at most, and writes down that they were begun.
///
/// A server that others took for dead takes none until it has shown life again: they would account
/// for them at once.
pub(super) struct Claim {
    pub(super) places: i64,
}

impl Claim {
    async fn claim(&self, on: &mut Transaction<'_>) -> sqlx::Result<Vec<Job>> {
        // Changes are made one after the other: what was stopped stays stopped.
        if !on.queue.is_taking() {
            return Ok(Vec::new());
        }
        let statement = format!(
            "WITH next AS MATERIALIZED (
                 SELECT number FROM telephone_job
                 WHERE state = 'waiting' AND (expires_ms IS NULL OR expires_ms > $1)
                     AND EXISTS (SELECT 1 FROM telephone_server WHERE id = $3)
                 ORDER BY number LIMIT $2 {skip_locked})
             UPDATE telephone_job
             SET state = 'running', attempts = attempts + 1, started_ms = $1, server = $3
             WHERE number IN (SELECT number FROM next) AND state = 'waiting'
             RETURNING number, {COLUMNS}",
            skip_locked = on.dialect().skip_locked(),
        );
        let mut rows = sqlx::query(&statement)
            .bind(on.now_ms)
            .bind(self.places)
            .bind(&on.queue.server)
            .fetch_all(&mut *on.connection)
            .await?;
        // They are returned in any order.
        rows.sort_by_key(row::number);
        let jobs: Vec<Job> = rows.iter().map(row::job).collect::<Result<_, _>>()?;
        on.changed.clone_from(&jobs);
        on.waiting = None;
        on.claims = true;
        Ok(jobs)
    }
}

impl Write for Claim {
    type Answer = Vec<Job>;

    fn apply<'a>(&'a self, on: &'a mut Transaction<'_>) -> BoxFuture<'a, sqlx::Result<Vec<Job>>> {
        Box::pin(self.claim(on))
    }

    fn committed(&self, claimed: &Vec<Job>, queue: &Shared) {
        for job in claimed {
            queue.running.begin(job, queue.closing.child_token());
        }
    }
}
