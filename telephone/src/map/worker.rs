//! What the map needs of a partner.

use std::time::Duration;

use crate::job::{Job, JobId, Submission};
use crate::partner::{Failure, Partner, PartnerError};

/// Somebody who takes commands. Tests have some that live in memory, and die and lag as they are told.
pub(super) trait Worker: Clone + Send + Sync + 'static {
    /// Hands it a command.
    fn submit(&self, submission: Submission)
    -> impl Future<Output = Result<JobId, Trouble>> + Send;

    /// How the command stands once it has ended, or after some seconds.
    fn wait(&self, id: &JobId) -> impl Future<Output = Result<Option<Job>, Trouble>> + Send;

    /// Calls it off, if it can be reached.
    fn cancel(&self, id: &JobId) -> impl Future<Output = ()> + Send;

    /// Whether it can be reached, and how many commands it runs at a time.
    fn concurrency(&self) -> impl Future<Output = Result<usize, Trouble>> + Send;
}

/// Why a partner did not take a command, or did not say what became of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Trouble {
    /// Its queue is full; it may say for how long.
    Full(Option<Duration>),
    /// The command is longer than it takes.
    TooLong(String),
    /// It wants nothing from us, and will not change its mind while we say the same.
    Refused(String),
    /// It cannot be reached, or answers what nobody understands.
    Gone(String),
}

impl Worker for Partner {
    async fn submit(&self, submission: Submission) -> Result<JobId, Trouble> {
        Ok(Self::submit(self, submission).await?.id)
    }

    async fn wait(&self, id: &JobId) -> Result<Option<Job>, Trouble> {
        Ok(Self::wait(self, id, WAIT).await?)
    }

    async fn cancel(&self, id: &JobId) {
        // Whoever cannot be reached, or cannot cancel, does work that nobody waits for.
        let _ = Self::cancel(self, id).await;
    }

    async fn concurrency(&self) -> Result<usize, Trouble> {
        let queue = self.status().await?.queue;
        Ok(queue.map_or(1, |counts| usize::try_from(counts.concurrency).unwrap_or(usize::MAX)))
    }
}

impl From<PartnerError> for Trouble {
    fn from(error: PartnerError) -> Self {
        match error.failure() {
            Failure::Busy { retry_after, .. } => Self::Full(*retry_after),
            Failure::TooLong { detail } => Self::TooLong(detail.clone()),
            Failure::Address { .. } | Failure::Unauthorized | Failure::Forbidden { .. } => {
                Self::Refused(error.to_string())
            }
            _ => Self::Gone(error.to_string()),
        }
    }
}

/// As long as a turn of the partner's own waiting.
const WAIT: Duration = Duration::from_secs(20);
