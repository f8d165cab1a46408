//! The tables, and how those of earlier releases become those of this one.

use sqlx::{AnyConnection, Connection, Executor, Row};

use super::dialect::Dialect;
use super::error::QueueError;

/// Brings the tables to this release's version, in one transaction.
///
/// Servers that open one PostgreSQL database at the same time do so one after the other.
pub(super) async fn migrate(
    connection: &mut AnyConnection,
    dialect: Dialect,
) -> Result<(), QueueError> {
    let failed = |error| QueueError::of("make its tables", error);
    let begin = dialect.begin();
    let mut transaction = connection.begin_with(begin).await.map_err(failed)?;
    if dialect == Dialect::Postgres {
        transaction.execute(ONE_AT_A_TIME).await.map_err(failed)?;
    }
    transaction.execute(VERSION_TABLE).await.map_err(failed)?;
    let found = sqlx::query("SELECT version FROM telephone_schema")
        .fetch_optional(&mut *transaction)
        .await
        .and_then(|row| row.map_or(Ok(0), |row| row.try_get::<i64, _>(0)))
        .map_err(failed)?;
    let Some(missing) = usize::try_from(found).ok().and_then(|found| MIGRATIONS.get(found..))
    else {
        return Err(QueueError::Newer { found, known: KNOWN });
    };
    for statement in missing.iter().copied().flatten() {
        transaction.execute(dialect.types(statement).as_str()).await.map_err(failed)?;
    }
    let record = if found == 0 {
        "INSERT INTO telephone_schema (version) VALUES ($1)"
    } else {
        "UPDATE telephone_schema SET version = $1"
    };
    sqlx::query(record).bind(KNOWN).execute(&mut *transaction).await.map_err(failed)?;
    transaction.commit().await.map_err(failed)
}

const VERSION_TABLE: &str = "CREATE TABLE IF NOT EXISTS telephone_schema (version BIGINT NOT NULL)";

/// The number is anyone's choice; other programs' in the same database should be different.
const ONE_AT_A_TIME: &str = "SELECT pg_advisory_xact_lock(7419260441)";

const KNOWN: i64 = MIGRATIONS.len() as i64;

/// What leads from each version to the next. What has been released stays as it is.
///
/// Texts of strangers are octets here: PostgreSQL's text holds no NUL, and not in every database
/// every character. `NUMBERED` and `OCTETS` are what a dialect says for them.
const MIGRATIONS: &[&[&str]] = &[&[
    "CREATE TABLE telephone_job (
        number NUMBERED,
        id TEXT NOT NULL UNIQUE,
        command OCTETS NOT NULL,
        sender_key OCTETS UNIQUE,
        repeatable BIGINT NOT NULL,
        time_limit_ms BIGINT,
        expires_after_ms BIGINT,
        expires_ms BIGINT,
        state TEXT NOT NULL,
        attempts BIGINT NOT NULL,
        server TEXT,
        value OCTETS,
        hint_condition OCTETS,
        hint_message OCTETS,
        progress DOUBLE PRECISION,
        progress_note OCTETS,
        submitted_ms BIGINT NOT NULL,
        started_ms BIGINT,
        ended_ms BIGINT
    )",
    "CREATE INDEX telephone_job_state ON telephone_job (state, number)",
    "CREATE INDEX telephone_job_ended ON telephone_job (ended_ms) WHERE ended_ms IS NOT NULL",
    "CREATE INDEX telephone_job_expires ON telephone_job (expires_ms)
         WHERE state = 'waiting' AND expires_ms IS NOT NULL",
    "CREATE TABLE telephone_server (id TEXT PRIMARY KEY, beats BIGINT NOT NULL)",
]];
