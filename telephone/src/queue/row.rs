//! A command as a row of its table.

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::job::{Hint, Job, JobId, Progress, State, Submission};

use super::clock::timestamp;

/// What [`job`] reads.
pub(super) const COLUMNS: &str = "id, command, sender_key, repeatable, time_limit_ms, \
     expires_after_ms, state, attempts, value, hint_condition, hint_message, progress, \
     progress_note, submitted_ms, started_ms, ended_ms";

/// Reads [`COLUMNS`].
pub(super) fn job(row: &AnyRow) -> sqlx::Result<Job> {
    let hint = match optional_text(row, "hint_condition")? {
        Some(condition) => Some(Hint::new(condition, text(row, "hint_message")?)),
        None => None,
    };
    let progress = match row.try_get::<Option<f64>, _>("progress")? {
        Some(fraction) => Some(Progress::new(fraction, text(row, "progress_note")?)),
        None => None,
    };
    let time = |column| Ok::<_, sqlx::Error>(row.try_get::<Option<i64>, _>(column)?.map(timestamp));
    Ok(Job {
        id: id(row)?,
        command: text(row, "command")?,
        state: state(row)?,
        value: optional_text(row, "value")?,
        hint,
        progress,
        key: optional_text(row, "sender_key")?,
        repeatable: row.try_get::<i64, _>("repeatable")? != 0,
        attempts: attempts(row)?,
        submitted: timestamp(row.try_get("submitted_ms")?),
        started: time("started_ms")?,
        ended: time("ended_ms")?,
        time_limit_ms: milliseconds(row, "time_limit_ms")?,
    })
}

/// Whether a submission says the same as the one that made this row.
pub(super) fn is_same(row: &AnyRow, submission: &Submission) -> sqlx::Result<bool> {
    let told = |ms: Option<u64>| ms.map(stored);
    Ok(text(row, "command")? == submission.command
        && (row.try_get::<i64, _>("repeatable")? != 0) == submission.repeatable
        && row.try_get::<Option<i64>, _>("time_limit_ms")? == told(submission.time_limit_ms)
        && row.try_get::<Option<i64>, _>("expires_after_ms")? == told(submission.expires_after_ms))
}

pub(super) fn id(row: &AnyRow) -> sqlx::Result<JobId> {
    let id: String = row.try_get("id")?;
    JobId::try_from(id).map_err(|error| strange("id", error))
}

/// Its place in the order of coming.
pub(super) fn number(row: &AnyRow) -> i64 {
    row.try_get("number").unwrap_or(i64::MAX)
}

pub(super) fn state(row: &AnyRow) -> sqlx::Result<State> {
    let name: String = row.try_get("state")?;
    let known = STATES.into_iter().find(|state| state.as_str() == name);
    known.ok_or_else(|| strange("state", format!("{name} is no state")))
}

pub(super) fn attempts(row: &AnyRow) -> sqlx::Result<u32> {
    let attempts: i64 = row.try_get("attempts")?;
    attempts.try_into().map_err(|error| strange("attempts", error))
}

/// As many as the database can say: some 292 million years.
pub(super) fn stored(milliseconds: u64) -> i64 {
    milliseconds.try_into().unwrap_or(i64::MAX)
}

fn milliseconds(row: &AnyRow, column: &'static str) -> sqlx::Result<Option<u64>> {
    let ms: Option<i64> = row.try_get(column)?;
    ms.map(|ms| ms.try_into().map_err(|error| strange(column, error))).transpose()
}

fn text(row: &AnyRow, column: &'static str) -> sqlx::Result<String> {
    Ok(optional_text(row, column)?.unwrap_or_default())
}

fn optional_text(row: &AnyRow, column: &'static str) -> sqlx::Result<Option<String>> {
    let octets: Option<Vec<u8>> = row.try_get(column)?;
    octets
        .map(|octets| String::from_utf8(octets).map_err(|error| strange(column, error)))
        .transpose()
}

fn strange(
    column: &str,
    error: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: column.to_owned(), source: error.into() }
}

const STATES: [State; 7] = [
    State::Waiting,
    State::Running,
    State::Finished,
    State::Unwound,
    State::Cancelled,
    State::Expired,
    State::Interrupted,
];
