//! Looking at commands.

use sqlx::Row;

use crate::{Job, JobId};

use super::error::QueueError;
use super::filter::{Counts, JobFilter};
use super::row::{self, COLUMNS};
use super::shared::Shared;

impl Shared {
    pub(super) async fn job(&self, id: &JobId) -> Result<Option<Job>, QueueError> {
        let row = sqlx::query(&format!("SELECT {COLUMNS} FROM telephone_job WHERE id = $1"))
            .bind(id.as_str())
            .fetch_optional(&self.store.reading)
            .await;
        let job = row.and_then(|row| row.as_ref().map(row::job).transpose());
        let mut job = job.map_err(|error| QueueError::of("look up a command", error))?;
        if let Some(job) = &mut job {
            self.running.complete(job);
        }
        Ok(job)
    }

    pub(super) async fn jobs(&self, filter: &JobFilter) -> Result<Vec<Job>, QueueError> {
        let state = filter.state.map_or("", |_| "AND state = $2");
        let before = match (&filter.before, filter.state) {
            (None, _) => String::new(),
            (Some(_), state) => {
                let place = if state.is_some() { 3 } else { 2 };
                format!("AND number < (SELECT number FROM telephone_job WHERE id = ${place})")
            }
        };
        let statement = format!(
            "SELECT {COLUMNS} FROM telephone_job WHERE 1 = 1 {state} {before}
             ORDER BY number DESC LIMIT $1"
        );
        let mut query = sqlx::query(&statement).bind(i64::from(filter.limit.min(MOST)));
        if let Some(state) = filter.state {
            query = query.bind(state.as_str());
        }
        if let Some(before) = &filter.before {
            query = query.bind(before.as_str());
        }
        let rows = query.fetch_all(&self.store.reading).await;
        let jobs = rows.and_then(|rows| rows.iter().map(row::job).collect::<Result<Vec<_>, _>>());
        let mut jobs = jobs.map_err(|error| QueueError::of("list commands", error))?;
        jobs.iter_mut().for_each(|job| self.running.complete(job));
        Ok(jobs)
    }

    pub(super) async fn counts(&self) -> Result<Counts, QueueError> {
        let counted = |error| QueueError::of("count commands", error);
        let rows = sqlx::query("SELECT state, count(*) FROM telephone_job GROUP BY state")
            .fetch_all(&self.store.reading)
            .await
            .map_err(counted)?;
        let mut counts = Counts {
            limit: self.settings.length,
            concurrency: self.settings.concurrency.try_into().unwrap_or(u64::MAX),
            taking: self.is_taking(),
            ..Counts::default()
        };
        for row in &rows {
            let count: i64 = row.try_get(1).map_err(counted)?;
            counts.set(row::state(row).map_err(counted)?, count.unsigned_abs());
        }
        Ok(counts)
    }
}

/// Each may bring a value.
const MOST: u32 = 1000;
