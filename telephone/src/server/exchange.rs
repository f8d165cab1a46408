//! `Exchange`: what can be asked of a server, however it is asked.

use std::time::Duration;

use futures_util::{Stream, StreamExt};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::api::{FunctionDescription, JobFilter, Kind, Status};
use crate::job::{Job, JobId, Submission};
use crate::original;
use crate::queue::{self, Queue, Submitted};

use super::ServerLimits;
use super::announce::Announcer;
use super::rate::Rate;
use super::refusal::Refusal;
use super::token::Token;
use super::watch::Watch;

pub(super) struct Exchange {
    pub(super) queue: Queue,
    pub(super) functions: Vec<FunctionDescription>,
    pub(super) partners: Watch,
    pub(super) limits: ServerLimits,
    pub(super) rate: Rate,
    pub(super) token: Option<Token>,
    pub(super) announcer: Announcer,
    pub(super) since: Timestamp,
    /// Cancelled when the server shuts down.
    pub(super) stop: CancellationToken,
}

impl Exchange {
    pub(super) async fn submit(&self, submission: Submission) -> Result<Submitted, Refusal> {
        let submitted = self.queue.submit(submission.clone()).await?;
        if submitted.new {
            self.announcer.tell(original::request_line(&submitted.job.id, &submission));
        }
        Ok(submitted)
    }

    pub(super) async fn job(&self, id: &JobId) -> Result<Option<Job>, Refusal> {
        Ok(self.queue.job(id).await?)
    }

    /// A command as soon as it has ended, or as it stands when patience, the limit's or the server
    /// is at its end.
    pub(super) async fn wait(
        &self,
        id: &JobId,
        patience: Duration,
    ) -> Result<Option<Job>, Refusal> {
        let patience = patience.min(self.limits.wait);
        let waiting = self.queue.wait(id, patience);
        match self.stop.run_until_cancelled(waiting).await {
            Some(job) => Ok(job?),
            None => self.job(id).await,
        }
    }

    pub(super) async fn cancel(&self, id: &JobId) -> Result<Option<Job>, Refusal> {
        Ok(self.queue.cancel(id).await?)
    }

    pub(super) async fn jobs(&self, filter: JobFilter) -> Result<Vec<Job>, Refusal> {
        let mut wanted = queue::JobFilter::default();
        wanted.state = filter.state;
        wanted.limit = filter.limit.unwrap_or(wanted.limit);
        wanted.before = filter.before;
        Ok(self.queue.jobs(wanted).await?)
    }

    pub(super) async fn status(&self) -> Result<Status, Refusal> {
        Ok(Status {
            kind: Kind::Telephone,
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            since: Some(self.since),
            queue: Some(self.queue.counts().await?),
        })
    }

    /// A command as it stands and with each change, until it has ended or the server shuts down.
    pub(super) fn follow(&self, id: &JobId) -> impl Stream<Item = Job> + Send + use<> {
        self.queue.follow(id).take_until(self.stop.clone().cancelled_owned())
    }

    /// All changes from now on, until the server shuts down.
    pub(super) fn changes(&self) -> impl Stream<Item = queue::Change> + Send + use<> {
        self.queue.changes().take_until(self.stop.clone().cancelled_owned())
    }
}
