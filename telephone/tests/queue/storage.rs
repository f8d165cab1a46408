//! Where the queues of these tests are stored, and how each test runs on all of them.

use std::time::Duration;

use telephone::queue::{Queue, QueueSettings, Storage};
use tempfile::TempDir;

use crate::postgres;

/// A storage of its own for each test, which is gone afterwards.
pub(crate) struct Place {
    storage: Storage,
    _directory: Option<TempDir>,
}

impl Place {
    pub(crate) fn file() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a directory/that is not there yet/queue #1?.sqlite");
        Self { storage: Storage::File(path), _directory: Some(directory) }
    }

    pub(crate) fn memory() -> Self {
        Self { storage: Storage::Memory, _directory: None }
    }

    pub(crate) fn postgres() -> Option<Self> {
        Some(Self { storage: Storage::Postgres(postgres::database()?), _directory: None })
    }

    pub(crate) fn storage(&self) -> Storage {
        self.storage.clone()
    }

    /// Quick beats, and two places.
    pub(crate) fn settings(&self) -> QueueSettings {
        let settings = QueueSettings::new(self.storage());
        settings.concurrency(2).beat(Duration::from_millis(30)).dead_after(30)
    }

    pub(crate) async fn open(&self) -> Queue {
        Queue::open(self.settings()).await.unwrap()
    }
}

/// Only catches hangs.
pub(crate) const LONG: Duration = Duration::from_secs(60);

/// Makes a test of each function for each storage.
macro_rules! on_each_storage {
    ($($test:ident),* $(,)?) => {
        mod file {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                super::$test(crate::storage::Place::file()).await;
            })*
        }
        mod memory {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                super::$test(crate::storage::Place::memory()).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                if let Some(place) = crate::storage::Place::postgres() {
                    super::$test(place).await;
                }
            })*
        }
    };
}
