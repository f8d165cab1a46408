//! The database: two dialects behind one face.

use std::path::Path;
use std::str::FromStr;
use std::sync::{Mutex, Once, PoisonError};
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers};
use sqlx::{AnyConnection, AnyPool, Executor};

use super::error::QueueError;
use super::lock::FileLock;
use super::schema;
use super::settings::{QueueSettings, Storage};

/// An open database.
#[derive(Debug)]
pub(super) struct Store {
    pub(super) dialect: Dialect,
    /// Of one connection: the writer's. SQLite has one writer in any case, and waiting for it here
    /// is fair, where its busy timeout is not.
    writing: AnyPool,
    /// Readers do not wait for the writer. The same pool as for writing if the database lives in
    /// that one connection's memory.
    pub(super) reading: AnyPool,
    /// Whether other servers may be at work on it.
    pub(super) is_shared: bool,
    /// Given back last.
    lock: Mutex<Option<FileLock>>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
}

impl Store {
    pub(super) async fn open(settings: &QueueSettings) -> Result<Self, QueueError> {
        DRIVERS.call_once(install_default_drivers);
        let store = match &settings.storage {
            Storage::File(path) => Self::file(path, settings.database_size).await?,
            Storage::Memory => {
                let pool = connect(MEMORY, 1, pragmas(settings.database_size)).await?;
                Self::new(Dialect::Sqlite, pool.clone(), pool)
            }
            Storage::Postgres(url) => {
                let writing = connect(url, 1, vec![BE_QUICK.to_owned()]).await?;
                let reading = connect(url, READERS, Vec::new()).await?;
                Self { is_shared: true, ..Self::new(Dialect::Postgres, writing, reading) }
            }
        };
        let mut connection = store.writing.acquire().await.map_err(opening)?;
        schema::migrate(&mut connection, store.dialect).await?;
        drop(connection);
        Ok(store)
    }

    async fn file(path: &Path, size: u64) -> Result<Self, QueueError> {
        let failed =
            |error| QueueError::File { path: path.to_owned(), error: std::sync::Arc::new(error) };
        let path = std::path::absolute(path).map_err(failed)?;
        let lock = FileLock::take(&path)?;
        let octets = path.as_os_str().as_encoded_bytes();
        let url = format!("sqlite:{}", percent_encode(octets, NON_ALPHANUMERIC));
        let writing = connect(&url, 1, pragmas(size)).await?;
        let reading = connect(&url, READERS, pragmas(size)).await?;
        Ok(Self { lock: Mutex::new(Some(lock)), ..Self::new(Dialect::Sqlite, writing, reading) })
    }

    fn new(dialect: Dialect, writing: AnyPool, reading: AnyPool) -> Self {
        Self { dialect, writing, reading, is_shared: false, lock: Mutex::default() }
    }

    /// Makes changes in a transaction, all or none.
    ///
    /// It speaks of its own `COMMIT` and `ROLLBACK`, since SQLite rolls back by itself where there
    /// is no room, and a driver that counts transactions goes astray then.
    pub(super) async fn transact<F>(&self, changes: F) -> sqlx::Result<()>
    where
        F: AsyncFnOnce(&mut AnyConnection) -> sqlx::Result<()>,
    {
        let mut connection = self.writing.acquire().await?;
        let done = async {
            connection.execute(self.dialect.begin()).await?;
            changes(&mut connection).await?;
            connection.execute("COMMIT").await
        };
        if let Err(error) = done.await {
            // There may be nothing to roll back; a connection that is lost has nothing either.
            let _ = connection.execute("ROLLBACK").await;
            return Err(error);
        }
        Ok(())
    }

    /// Waits until all connections are closed, and gives the file back.
    pub(super) async fn close(&self) {
        self.reading.close().await;
        self.writing.close().await;
        self.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

impl Dialect {
    /// SQLite takes the lock for writing at once: one that reads first and then finds that it
    /// cannot write would fail, not wait.
    pub(super) fn begin(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN",
        }
    }

    /// Takes rows for itself and passes over those that another server takes just now.
    pub(super) fn skip_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => "FOR UPDATE SKIP LOCKED",
        }
    }

    pub(super) fn types(self, statement: &str) -> String {
        let (numbered, octets) = match self {
            Self::Sqlite => ("INTEGER PRIMARY KEY AUTOINCREMENT", "BLOB"),
            Self::Postgres => ("BIGSERIAL PRIMARY KEY", "BYTEA"),
        };
        statement.replace("NUMBERED", numbered).replace("OCTETS", octets)
    }
}

/// The address of a database that is its connection.
const MEMORY: &str = "sqlite::memory:";

async fn connect(url: &str, connections: u32, first: Vec<String>) -> Result<AnyPool, QueueError> {
    let options = AnyConnectOptions::from_str(url).map_err(opening)?;
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        // A connection is never renewed for its age: one of them may be the database.
        .idle_timeout(None)
        .max_lifetime(None)
        // Nor is that one asked whether it lives before each use: whoever gives up a look in the
        // middle of that question would close it.
        .test_before_acquire(url != MEMORY)
        .after_connect(move |connection, _| {
            let first = first.clone();
            Box::pin(async move {
                for statement in &first {
                    connection.execute(statement.as_str()).await?;
                }
                Ok(())
            })
        })
        .connect_with(options)
        .await
        .map_err(opening)
}

fn pragmas(size: u64) -> Vec<String> {
    vec![
        "PRAGMA journal_mode = WAL".to_owned(),
        // WAL alone may lose the last transactions when the power fails; their ids are given out.
        "PRAGMA synchronous = FULL".to_owned(),
        // For whoever else looks into the file; servers are kept away by the lock.
        "PRAGMA busy_timeout = 5000".to_owned(),
        format!("PRAGMA max_page_count = {}", (size / PAGE).saturating_add(size / PAGE / 4).max(1)),
    ]
}

pub(super) fn opening(error: sqlx::Error) -> QueueError {
    QueueError::of("open its database", error)
}

/// A server that is stopped in the middle of a transaction must not hold up the others for ever.
const BE_QUICK: &str = "SET idle_in_transaction_session_timeout = 5000";
static DRIVERS: Once = Once::new();
/// SQLite's default since 2016.
pub(super) const PAGE: u64 = 4096;
/// Enough that a slow list does not hold up those who wait for their results.
const READERS: u32 = 4;
/// For a connection of the pool, and for a database that starts again to accept one.
const PATIENCE: Duration = Duration::from_secs(5);
