//! Waiting for commands, and following them.

use std::sync::Arc;
use std::time::Duration;

use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::sync::broadcast;
use tokio::time::{Instant, sleep, timeout_at};

use crate::job::{Job, JobId, State};

use super::error::QueueError;
use super::notices::{self, Notice, Subscription};
use super::shared::Shared;

/// What one who watches all commands is told.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Change {
    /// A command stands so since just now.
    Job(Box<Job>),
    /// Changes went by untold, as many as this or more: the reader was slow, or the connection to
    /// the database was away. Whoever needs to know looks again ([`Queue::jobs`](super::Queue::jobs)).
    Missed(u64),
}

/// Waits until a command has ended or the time is over.
pub(super) async fn wait(
    queue: &Shared,
    id: &JobId,
    time: Duration,
) -> Result<Option<Job>, QueueError> {
    let until = Instant::now().checked_add(time);
    let mut subscription = queue.notices.one(id);
    let mut latest = queue.job(id).await?;
    loop {
        match &latest {
            Some(job) if !job.state.is_ended() => {}
            _ => return Ok(latest),
        }
        let notice = tokio::select! {
            notice = next_until(&mut subscription, until) => notice,
            () = queue.closing.cancelled() => return Err(QueueError::Closed { call: "wait" }),
        };
        latest = match notice {
            Some(Notice::Changed(job)) => Some(Arc::unwrap_or_clone(job)),
            Some(Notice::Missed(_)) => queue.job(id).await?,
            None => return Ok(latest),
        };
    }
}

/// Nothing when the time is over; without a time it never is.
async fn next_until(subscription: &mut Subscription, until: Option<Instant>) -> Option<Notice> {
    match until {
        Some(until) => timeout_at(until, subscription.next()).await.unwrap_or(None),
        None => subscription.next().await,
    }
}

/// Each state of a command, beginning with the present one and ending with its end.
pub(super) fn follow(queue: Arc<Shared>, id: &JobId) -> impl Stream<Item = Job> + Send + use<> {
    let subscription = queue.notices.one(id);
    unfold(Some(Follower { queue, subscription, latest: None }), |follower| async {
        let mut follower = follower?;
        let job = follower.next().await?;
        let is_over = job.state.is_ended();
        Some((job, (!is_over).then_some(follower)))
    })
}

struct Follower {
    queue: Arc<Shared>,
    subscription: Subscription,
    latest: Option<Job>,
}

impl Follower {
    async fn next(&mut self) -> Option<Job> {
        let closing = self.queue.closing.clone();
        loop {
            let job = if self.latest.is_none() {
                self.look().await?
            } else {
                let notice = tokio::select! {
                    notice = self.subscription.next() => notice?,
                    () = closing.cancelled() => return None,
                };
                match notice {
                    Notice::Changed(job) => Arc::unwrap_or_clone(job),
                    Notice::Missed(_) => self.look().await?,
                }
            };
            if self.latest.as_ref().is_none_or(|latest| *latest != job && is_later(&job, latest)) {
                self.latest = Some(job.clone());
                return Some(job);
            }
        }
    }

    /// Looks at the command, and again if the database fails; nothing if it is not there.
    async fn look(&self) -> Option<Job> {
        loop {
            match self.queue.job(self.subscription.id()).await {
                Ok(job) => return job,
                Err(QueueError::Closed { .. }) => return None,
                Err(error) => tracing::warn!(%error, "a command is followed in the dark"),
            }
            sleep(LOOK).await;
        }
    }
}

/// Whether a command stands like this after it stood like that, or at the same time.
///
/// A look at the database may overtake what was told, so that it is told again.
fn is_later(this: &Job, that: &Job) -> bool {
    let rank = |job: &Job| match job.state {
        State::Waiting => 2 * u64::from(job.attempts),
        State::Running => (2 * u64::from(job.attempts)).saturating_sub(1),
        _ => u64::MAX,
    };
    rank(this) >= rank(that)
}

/// All changes of all commands from now on.
pub(super) fn changes(queue: Arc<Shared>) -> impl Stream<Item = Change> + Send + use<> {
    let receiver = queue.notices.all();
    let closing = queue.closing.clone();
    // The stream keeps no queue open.
    drop(queue);
    unfold((receiver, closing), |(mut receiver, closing)| async {
        let change = tokio::select! {
            change = next_change(&mut receiver) => change?,
            () = closing.cancelled() => return None,
        };
        Some((change, (receiver, closing)))
    })
}

async fn next_change(receiver: &mut broadcast::Receiver<Notice>) -> Option<Change> {
    Some(match notices::next(receiver).await? {
        Notice::Changed(job) => Change::Job(Box::new(Arc::unwrap_or_clone(job))),
        Notice::Missed(count) => Change::Missed(count),
    })
}

/// How soon after a failure of the database.
const LOOK: Duration = Duration::from_secs(1);
