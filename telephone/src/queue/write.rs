//! One change of the database, as somebody asks for it.

use futures_util::future::BoxFuture;
use sqlx::{AnyConnection, Row};

use crate::job::Job;

use super::dialect::Dialect;
use super::settings::QueueSettings;
use super::shared::Shared;

/// A change. It may be made again from the start if its transaction comes to nothing.
pub(super) trait Write: Send + Sync + 'static {
    /// What comes of it.
    type Answer: Send + 'static;

    /// Makes the change.
    fn apply<'a>(
        &'a self,
        on: &'a mut Transaction<'_>,
    ) -> BoxFuture<'a, sqlx::Result<Self::Answer>>;

    /// Hears that it is on the disk, before the changed commands are published.
    fn committed(&self, _answer: &Self::Answer, _queue: &Shared) {}
}

/// The transaction that changes are made in.
pub(super) struct Transaction<'t> {
    pub(super) connection: &'t mut AnyConnection,
    pub(super) queue: &'t Shared,
    /// The same for the whole transaction.
    pub(super) now_ms: i64,
    /// How many wait, once that was counted; only submissions may come in between.
    pub(super) waiting: Option<u64>,
    /// Whether a claim of this transaction has runs that are not in their table yet.
    pub(super) claims: bool,
    /// The commands that became something else, to be published.
    pub(super) changed: Vec<Job>,
}

impl Transaction<'_> {
    pub(super) fn dialect(&self) -> Dialect {
        self.queue.store.dialect
    }

    /// What a query says that is answered by one number.
    pub(super) async fn number(&mut self, query: &str) -> sqlx::Result<i64> {
        sqlx::query(query).fetch_one(&mut *self.connection).await?.try_get(0)
    }

    pub(super) fn settings(&self) -> &QueueSettings {
        &self.queue.settings
    }
}
