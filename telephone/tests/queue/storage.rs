//! Where the queues of these tests are stored, and how each test runs on all of them.

use std::sync::Arc;
use std::time::Duration;

use telephone::queue::{Queue, QueueSettings, Storage};
use tempfile::TempDir;

use crate::child::Log;
use crate::postgres;

/// A storage of its own for each test, which is gone afterwards.
#[derive(Clone)]
pub(crate) struct Place {
    storage: Storage,
    directory: Arc<TempDir>,
}

impl Place {
    pub(crate) fn file() -> Self {
        let place = Self::memory();
        let path = "a directory/that is not there yet/queue #1?.sqlite";
        Self { storage: Storage::File(place.directory.path().join(path)), ..place }
    }

    pub(crate) fn memory() -> Self {
        Self { storage: Storage::Memory, directory: Arc::new(tempfile::tempdir().unwrap()) }
    }

    pub(crate) fn postgres() -> Option<Self> {
        Some(Self { storage: Storage::Postgres(postgres::database()?), ..Self::memory() })
    }

    pub(crate) fn storage(&self) -> Storage {
        self.storage.clone()
    }

    /// Where those write who run commands or submit them in processes of their own.
    pub(crate) fn log(&self) -> Log {
        Log(self.directory.path().join("log"))
    }

    /// Where they write which runs are over, in whatever way.
    pub(crate) fn ended(&self) -> Log {
        Log(self.directory.path().join("log.ended"))
    }

    /// Whether several servers may have it.
    pub(crate) fn is_shared(&self) -> bool {
        matches!(self.storage, Storage::Postgres(_))
    }

    /// Whether it outlives its servers.
    pub(crate) fn is_lasting(&self) -> bool {
        self.storage != Storage::Memory
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

/// Looks again and again, until it is so.
pub(crate) async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    let look = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(LONG, look).await.unwrap();
}

/// Makes a test of each function for each storage.
macro_rules! on_each_storage {
    ($($(#[$mark:meta])* $test:ident),* $(,)?) => {
        mod file {
            $($(#[$mark])*
            #[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                super::$test(crate::storage::Place::file()).await;
            })*
        }
        mod memory {
            $($(#[$mark])*
            #[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                super::$test(crate::storage::Place::memory()).await;
            })*
        }
        mod postgres {
            $($(#[$mark])*
            #[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                if let Some(place) = crate::storage::Place::postgres() {
                    super::$test(place).await;
                }
            })*
        }
    };
}
