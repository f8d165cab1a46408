//! Looking at commands.

use std::time::Duration;

use futures_util::TryStreamExt;
use sqlx::Row;
use tokio::time::sleep;

use crate::job::{Job, JobId};

use super::error::{QueueError, is_transient};
use super::filter::JobFilter;
use super::row::{self, COLUMNS};
use super::shared::Shared;
use crate::api::Counts;

impl Shared {
    pub(super) async fn job(&self, id: &JobId) -> Result<Option<Job>, QueueError> {
        let mut looks = Looks::new("look up a command");
        loop {
            match self.read_job(id).await {
                Ok(job) => return Ok(job),
                Err(error) => looks.fail(error).await?,
            }
        }
    }

    pub(super) async fn jobs(&self, filter: &JobFilter) -> Result<Vec<Job>, QueueError> {
        let mut looks = Looks::new("list commands");
        loop {
            match self.read_jobs(filter).await {
                Ok(jobs) => return Ok(jobs),
                Err(error) => looks.fail(error).await?,
            }
        }
    }

    pub(super) async fn counts(&self) -> Result<Counts, QueueError> {
        let mut looks = Looks::new("count commands");
        loop {
            match self.read_counts().await {
                Ok(counts) => return Ok(counts),
                Err(error) => looks.fail(error).await?,
            }
        }
    }

    async fn read_job(&self, id: &JobId) -> sqlx::Result<Option<Job>> {
        let row = sqlx::query(&format!("SELECT {COLUMNS} FROM telephone_job WHERE id = $1"))
            .bind(id.as_str())
            .fetch_optional(&self.store.reading)
            .await?;
        let mut job = row.as_ref().map(row::job).transpose()?;
        job.iter_mut().for_each(|job| self.running.complete(job));
        Ok(job)
    }

    async fn read_jobs(&self, filter: &JobFilter) -> sqlx::Result<Vec<Job>> {
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
        let mut rows = query.fetch(&self.store.reading);
        let (mut jobs, mut octets) = (Vec::new(), 0);
        while octets < MOST_OCTETS {
            let Some(row) = rows.try_next().await? else { break };
            let mut job = row::job(&row)?;
            self.running.complete(&mut job);
            octets += job.command.len() + job.value.as_ref().map_or(0, String::len);
            jobs.push(job);
        }
        Ok(jobs)
    }

    async fn read_counts(&self) -> sqlx::Result<Counts> {
        let mut counts = Counts {
            limit: self.settings.length,
            concurrency: self.settings.concurrency.try_into().unwrap_or(u64::MAX),
            taking: self.is_taking(),
            ..Counts::default()
        };
        let rows = sqlx::query("SELECT state, count(*) FROM telephone_job GROUP BY state")
            .fetch_all(&self.store.reading)
            .await?;
        for row in &rows {
            counts.set(row::state(row)?, row.try_get::<i64, _>(1)?.unsigned_abs());
        }
        Ok(counts)
    }
}

/// Looks that fail where the next may not: when a database starts again, all connections of the
/// pool are lost.
struct Looks {
    call: &'static str,
    left: u32,
}

impl Looks {
    fn new(call: &'static str) -> Self {
        Self { call, left: LOOKS }
    }

    /// Rests before the next, or says that it is of no use.
    async fn fail(&mut self, error: sqlx::Error) -> Result<(), QueueError> {
        if self.left == 0 || !is_transient(&error) {
            return Err(QueueError::of(self.call, error));
        }
        self.left -= 1;
        sleep(REST).await;
        Ok(())
    }
}

/// Each may bring a value.
const MOST: u32 = 1000;
/// After so many, of commands and values, a list ends. In JSON, where an octet may take six, that
/// and one value more is less than the 32 MiB that callers read.
const MOST_OCTETS: usize = 4 << 20;
/// More than there are connections in the pool.
const LOOKS: u32 = 6;
const REST: Duration = Duration::from_millis(50);
