//! The database: two dialects behind one face.

use std::path::Path;
use std::str::FromStr;
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers};
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, Connection, Executor};

use super::dialect::Dialect;
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

impl Store {
    pub(super) async fn open(settings: &QueueSettings) -> Result<Self, QueueError> {
        DRIVERS.call_once(install_default_drivers);
        match &settings.storage {
            Storage::File(path) => Self::file(path, settings.database_size).await,
            Storage::Memory => {
                let pool = connect(MEMORY, 1, pragmas(settings.database_size)).await?;
                let mut connection = pool.acquire().await.map_err(opening)?;
                schema::migrate(&mut connection, Dialect::Sqlite).await?;
                drop(connection);
                Ok(Self::new(Dialect::Sqlite, pool.clone(), pool))
            }
            Storage::Postgres(url) => {
                prepare(url, &[], Dialect::Postgres).await?;
                let writing = connect(url, 1, vec![BE_QUICK.to_owned()]).await?;
                let reading = connect(url, READERS, Vec::new()).await?;
                Ok(Self { is_shared: true, ..Self::new(Dialect::Postgres, writing, reading) })
            }
        }
    }

    async fn file(path: &Path, size: u64) -> Result<Self, QueueError> {
        let failed = |error| QueueError::File { path: path.to_owned(), error: Arc::new(error) };
        let path = std::path::absolute(path).map_err(failed)?;
        // One file has one lock, by whichever link it is reached.
        let path = path.canonicalize().unwrap_or(path);
        let lock = FileLock::take(&path)?;
        let octets = path.as_os_str().as_encoded_bytes();
        let url = format!("sqlite:{}", percent_encode(octets, NON_ALPHANUMERIC));
        prepare(&url, &pragmas(size), Dialect::Sqlite).await?;
        let writing = connect(&url, 1, pragmas(size)).await?;
        let reading = connect(&url, READERS, pragmas(size)).await?;
        Ok(Self { lock: Mutex::new(Some(lock)), ..Self::new(Dialect::Sqlite, writing, reading) })
    }

    fn new(dialect: Dialect, writing: AnyPool, reading: AnyPool) -> Self {
        Self { dialect, writing, reading, is_shared: false, lock: Mutex::default() }
    }

    /// The connection that changes are made by.
    pub(super) async fn writing(&self) -> sqlx::Result<PoolConnection<Any>> {
        self.writing.acquire().await
    }

    /// Waits until all connections are closed, and gives the file back.
    pub(super) async fn close(&self) {
        self.reading.close().await;
        self.writing.close().await;
        self.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

/// Makes the tables by a connection that is no pool's: those try again for a while where there is
/// no hope, and tell of the time that took, not of the reason.
async fn prepare(url: &str, first: &[String], dialect: Dialect) -> Result<(), QueueError> {
    let mut connection = AnyConnection::connect(url).await.map_err(opening)?;
    for statement in first {
        connection.execute(statement.as_str()).await.map_err(opening)?;
    }
    schema::migrate(&mut connection, dialect).await?;
    connection.close().await.map_err(opening)
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
