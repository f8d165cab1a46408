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
        let mut statement = format!("SELECT {COLUMNS} FROM telephone_job WHERE number > 0");
        let mut texts = Vec::new();
        if let Some(state) = filter.state {
            texts.push(state.as_str());
            statement += &format!(" AND state = ${}", texts.len());
        }
        if let Some(before) = &filter.before {
            texts.push(before.as_str());
            let number = format!("SELECT number FROM telephone_job WHERE id = ${}", texts.len());
            statement += &format!(" AND number < ({number})");
        }
        statement += &format!(" ORDER BY number DESC LIMIT {}", filter.limit.min(MOST));
        let query = texts.into_iter().fold(sqlx::query(&statement), |query, text| query.bind(text));
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
