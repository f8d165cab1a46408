//! Why a queue cannot do what it is asked.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use thiserror::Error;

use crate::job::JobId;

/// Why a queue cannot be opened, or cannot answer.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum QueueError {
    /// A setting that could not work.
    #[error("`QueueSettings::{setting}` must be {rule}")]
    Setting {
        /// Its name.
        setting: &'static str,
        /// What it must be.
        rule: &'static str,
    },
    /// There is no place for a file of the user's.
    #[error("no home directory to keep the queue in: set HOME, or name a file")]
    NoHome,
    /// Another server has the file.
    #[error(
        "the queue {} belongs to another server, which runs: stop it, give this one a file of its \
         own, or let both share a PostgreSQL database",
        path.display()
    )]
    Taken {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be made or opened.
    #[error("the queue {} cannot be opened: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        error: Arc<io::Error>,
    },
    /// A newer release wrote the tables.
    #[error(
        "the tables of the queue are of version {found}, and this release knows versions up to \
         {known}: use the release that made them, or a newer one"
    )]
    Newer {
        /// The version of the tables.
        found: i64,
        /// The newest version that this release knows.
        known: i64,
    },
    /// There is no room: the disk is full, or the database as large as
    /// [`QueueSettings::database_size`](super::QueueSettings::database_size) lets it be. Nothing
    /// was stored; the queue goes on with what it has, and takes more when old results were
    /// deleted.
    #[error("the queue has no room to {call}: {why}")]
    NoRoom {
        /// What was asked.
        call: &'static str,
        /// What is full.
        why: String,
    },
    /// The database failed otherwise, several times in a row if it looked as if it would pass.
    #[error("the queue could not {call}: its database says: {error}")]
    Database {
        /// What was asked.
        call: &'static str,
        /// What the database says.
        error: Arc<sqlx::Error>,
    },
    /// The queue was shut down.
    #[error("the queue could not {call}: it was shut down")]
    Closed {
        /// What was asked.
        call: &'static str,
    },
}

impl QueueError {
    pub(super) fn of(call: &'static str, error: impl Into<Arc<sqlx::Error>>) -> Self {
        let error = error.into();
        match &*error {
            sqlx::Error::PoolClosed => Self::Closed { call },
            full if is_lack_of_room(full) => {
                Self::NoRoom { call, why: format!("its database says: {full}") }
            }
            _ => Self::Database { call, error },
        }
    }
}

/// Why a command was not taken. Nothing of it was stored.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum SubmitError {
    /// As many wait as may.
    #[error("the queue is full: {limit} commands wait, as many as `QueueSettings::length` allows")]
    Full {
        /// The limit.
        limit: u64,
    },
    /// The key names another command.
    #[error(
        "the key belongs to {id}, which was submitted with another command or other conditions: \
         take a new key for a new command"
    )]
    KeyReused {
        /// The command that has the key.
        id: JobId,
    },
    /// The command or its key is too long.
    #[error("the {part} is {length} octets long, and `QueueSettings::{setting}` is {limit}")]
    TooLong {
        /// What is too long: `command` or `key`.
        part: &'static str,
        /// The setting that says so.
        setting: &'static str,
        /// Its octets.
        length: usize,
        /// The limit.
        limit: usize,
    },
    /// The queue itself failed. Whether the command was stored is certain only for
    /// [`QueueError::NoRoom`]: it was not. A key makes it safe to submit again.
    #[error(transparent)]
    Queue(#[from] QueueError),
}

/// Whether it may pass by itself, so that another attempt is worth its time.
pub(super) fn is_transient(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        sqlx::Error::Database(error) => match error.code().as_deref() {
            // Serialization failures, deadlocks, locks; connections; the server restarts.
            Some("40001" | "40P01" | "55P03" | "57P01" | "57P02" | "57P03") => true,
            Some(code) if code.len() == 5 => code.starts_with("08"),
            code => matches!(sqlite_code(code), Some(SQLITE_BUSY | SQLITE_LOCKED)),
        },
        _ => false,
    }
}

/// Whether it may be the fault of one change, so that others would meet with success.
pub(super) fn is_of_one(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(_) | sqlx::Error::ColumnDecode { .. })
        && !is_transient(error)
}

fn is_lack_of_room(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else { return false };
    match error.code().as_deref() {
        // PostgreSQL: disk_full.
        Some("53100") => true,
        code => sqlite_code(code) == Some(SQLITE_FULL),
    }
}

/// SQLite's primary code: the low octet of the extended one. PostgreSQL's have five characters,
/// SQLite's at most four.
fn sqlite_code(code: Option<&str>) -> Option<u32> {
    let code = code.filter(|code| code.len() < 5)?;
    code.parse::<u32>().ok().map(|code| code & 0xff)
}

// https://www.sqlite.org/rescode.html
const SQLITE_BUSY: u32 = 5;
const SQLITE_LOCKED: u32 = 6;
const SQLITE_FULL: u32 = 13;
