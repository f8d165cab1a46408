//! Storing a command.

use futures_util::future::BoxFuture;
use sqlx::any::AnyRow;

use crate::job::{Job, JobId, State, Submission};

use super::clock::timestamp;
use super::dialect::Dialect;
use super::error::{QueueError, SubmitError};
use super::row::{self, COLUMNS};
use super::settings::QueueSettings;
use super::store::PAGE;
use super::write::{Transaction, Write};

/// A command that was taken.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Submitted {
    /// It, as it stands.
    pub job: Job,
    /// Whether it is stored since now; false if its key was there already.
    pub new: bool,
}

pub(super) struct Submit {
    pub(super) id: JobId,
    pub(super) submission: Submission,
}

impl Submit {
    /// Refuses what is too long before it is asked of anybody.
    pub(super) fn check(
        submission: Submission,
        settings: &QueueSettings,
    ) -> Result<Self, SubmitError> {
        let fits = |part, setting, length, limit| {
            if length <= limit {
                return Ok(());
            }
            Err(SubmitError::TooLong { part, setting, length, limit })
        };
        let key = submission.key.as_ref().map_or(0, String::len);
        fits("command", "command_length", submission.command.len(), settings.command_length)?;
        fits("key", "key_length", key, settings.key_length)?;
        Ok(Self { id: JobId::random(), submission })
    }

    async fn submit(
        &self,
        on: &mut Transaction<'_>,
    ) -> sqlx::Result<Result<Submitted, SubmitError>> {
        if let Some(earlier) = self.earlier(on).await? {
            return self.again(&earlier);
        }
        let limit = on.settings().length;
        let waiting = count(on).await?;
        if waiting >= limit {
            return Ok(Err(SubmitError::Full { limit }));
        }
        if let Some(why) = no_room(on).await? {
            return Ok(Err(QueueError::NoRoom { call: "store a command", why }.into()));
        }
        if self.insert(on).await? {
            on.waiting = Some(waiting + 1);
            let job = self.job(on);
            on.changed.push(job.clone());
            return Ok(Ok(Submitted { job, new: true }));
        }
        // Another server stored the same key meanwhile, or this very command did get stored by a
        // transaction whose end nobody heard.
        match self.earlier(on).await? {
            Some(earlier) => self.again(&earlier),
            None => Ok(Ok(Submitted { job: self.job(on), new: true })),
        }
    }

    /// The command that has the key already.
    async fn earlier(&self, on: &mut Transaction<'_>) -> sqlx::Result<Option<AnyRow>> {
        let Some(key) = &self.submission.key else { return Ok(None) };
        sqlx::query(&format!("SELECT {COLUMNS} FROM telephone_job WHERE sender_key = $1"))
            .bind(key.as_bytes())
            .fetch_optional(&mut *on.connection)
            .await
    }

    fn again(&self, earlier: &AnyRow) -> sqlx::Result<Result<Submitted, SubmitError>> {
        let job = row::job(earlier)?;
        if !row::is_same(earlier, &self.submission)? {
            return Ok(Err(SubmitError::KeyReused { id: job.id }));
        }
        let new = job.id == self.id;
        Ok(Ok(Submitted { job, new }))
    }

    async fn insert(&self, on: &mut Transaction<'_>) -> sqlx::Result<bool> {
        let Submission { command, key, repeatable, time_limit_ms, expires_after_ms } =
            &self.submission;
        let expires_after = expires_after_ms.map(row::stored);
        let done = sqlx::query(
            "INSERT INTO telephone_job (id, command, sender_key, repeatable, time_limit_ms,
                 expires_after_ms, expires_ms, state, attempts, submitted_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', 0, $8)
             ON CONFLICT DO NOTHING",
        )
        .bind(self.id.as_str())
        .bind(command.as_bytes())
        .bind(key.as_ref().map(String::as_bytes))
        .bind(i64::from(*repeatable))
        .bind(time_limit_ms.map(row::stored))
        .bind(expires_after)
        .bind(expires_after.map(|wait| on.now_ms.saturating_add(wait)))
        .bind(on.now_ms)
        .execute(&mut *on.connection)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    fn job(&self, on: &Transaction<'_>) -> Job {
        let submission = self.submission.clone();
        Job {
            id: self.id.clone(),
            command: submission.command,
            state: State::Waiting,
            value: None,
            hint: None,
            progress: None,
            key: submission.key,
            repeatable: submission.repeatable,
            attempts: 0,
            submitted: timestamp(on.now_ms),
            started: None,
            ended: None,
            time_limit_ms: submission.time_limit_ms,
        }
    }
}

impl Write for Submit {
    type Answer = Result<Submitted, SubmitError>;

    fn apply<'a>(
        &'a self,
        on: &'a mut Transaction<'_>,
    ) -> BoxFuture<'a, sqlx::Result<Self::Answer>> {
        Box::pin(self.submit(on))
    }
}

/// How many wait, which is counted once for a batch. Servers that share the database do it one
/// after the other, since each would take the last place for its own.
async fn count(on: &mut Transaction<'_>) -> sqlx::Result<u64> {
    if let Some(waiting) = on.waiting {
        return Ok(waiting);
    }
    if on.dialect() == Dialect::Postgres {
        sqlx::query("SELECT version FROM telephone_schema FOR UPDATE")
            .fetch_one(&mut *on.connection)
            .await?;
    }
    let waiting = on.number("SELECT count(*) FROM telephone_job WHERE state = 'waiting'").await?;
    Ok(waiting.unsigned_abs())
}

/// Says so if an SQLite database is as large as it may be. It may grow beyond that by the ends of
/// what is in it; without, nothing could end, and there would never be room again.
async fn no_room(on: &mut Transaction<'_>) -> sqlx::Result<Option<String>> {
    if on.dialect() != Dialect::Sqlite {
        return Ok(None);
    }
    let pages = on.number("PRAGMA page_count").await?;
    let free = on.number("PRAGMA freelist_count").await?;
    let size = pages.saturating_sub(free).unsigned_abs().saturating_mul(PAGE);
    let limit = on.settings().database_size;
    let why = || {
        format!("its database holds {size} octets, and `QueueSettings::database_size` is {limit}")
    };
    Ok((size >= limit).then(why))
}
