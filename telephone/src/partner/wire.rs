//! `WireLine`: a partner over one persistent wire.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};
use wire::{CallError, FromWire, PendingValue, Ran, Serde, Unwound, Wire};
use wire::{functions, remote_fn, remote_value};

use super::Failure;
use super::address::Address;
use super::http::{PATIENCE, PAUSES};
use super::turns::{TURN, Turns};
use crate::api::{FunctionDescription, JobFilter, Status};
use crate::job::{Job, JobId, Submission};
use crate::original::Answer;

#[derive(Clone)]
pub(super) struct WireLine {
    address: Address,
    shown: Arc<Shown>,
    /// The wire of all clones, laid by the first question, and again once it has ended.
    wire: Arc<Mutex<Option<Wire>>>,
}

/// The token to be shown, if there is one.
struct Shown(Option<String>);

/// What a server asks for before it hears anything.
#[remote_fn(package = "TELEPHONE")]
fn token(shown: &Shown) -> Result<String, &'static str> {
    shown.0.clone().ok_or("no token was given for this partner")
}

impl WireLine {
    pub(super) fn new(address: &Address, token: Option<String>) -> Self {
        Self { address: address.clone(), shown: Arc::new(Shown(token)), wire: Arc::default() }
    }

    pub(super) fn set_token(&mut self, token: String) {
        *self = Self::new(&self.address, Some(token));
    }

    pub(super) async fn submit(&self, submission: &Submission) -> Result<Job, Failure> {
        let call =
            |wire: &Wire| remote_value!(wire, telephone::submit_command(Serde(submission))).value();
        self.ask(PATIENCE, call).await.map(|Serde(job)| job)
    }

    pub(super) async fn job(&self, id: &JobId) -> Result<Option<Job>, Failure> {
        let call = |wire: &Wire| remote_value!(wire, telephone::job(Serde(id))).value();
        found(self.ask(PATIENCE, call).await)
    }

    pub(super) async fn wait(
        &self,
        id: &JobId,
        patience: Duration,
    ) -> Result<Option<Job>, Failure> {
        let mut turns = Turns::new(patience);
        loop {
            let turn = turns.next().await;
            let call = |wire: &Wire| {
                remote_value!(wire, telephone::wait_for_job(Serde(id), milliseconds(turn))).value()
            };
            let job = found(self.ask(turn + PATIENCE, call).await)?;
            if turn.is_zero() || job.as_ref().is_none_or(|job| job.state.is_ended()) {
                return Ok(job);
            }
        }
    }

    /// A command as soon as it is not as it was known to be, or nothing after a while.
    pub(super) async fn change(
        &self,
        id: &JobId,
        known: Option<&Job>,
    ) -> Result<Option<Job>, Failure> {
        let call = |wire: &Wire| {
            let milliseconds = milliseconds(TURN);
            let known = Serde(known);
            remote_value!(wire, telephone::job_change(Serde(id), known, milliseconds)).value()
        };
        self.ask(TURN + PATIENCE, call).await.map(|Serde(job)| job)
    }

    pub(super) async fn cancel(&self, id: &JobId) -> Result<Option<Job>, Failure> {
        let call = |wire: &Wire| remote_value!(wire, telephone::cancel_job(Serde(id))).value();
        found(self.ask(PATIENCE, call).await)
    }

    pub(super) async fn jobs(&self, filter: &JobFilter) -> Result<Vec<Job>, Failure> {
        let call = |wire: &Wire| remote_value!(wire, telephone::jobs(Serde(filter))).value();
        self.ask(PATIENCE, call).await.map(|Serde(jobs)| jobs)
    }

    pub(super) async fn status(&self) -> Result<Status, Failure> {
        let call = |wire: &Wire| remote_value!(wire, telephone::status()).value();
        self.ask(PATIENCE, call).await.map(|Serde(status)| status)
    }

    pub(super) async fn functions(&self) -> Result<Vec<FunctionDescription>, Failure> {
        let call = |wire: &Wire| remote_value!(wire, telephone::functions()).value();
        self.ask(PATIENCE, call).await.map(|Serde(functions)| functions)
    }

    /// Over a wire a command is filed under a key as well, so that asking again is safe.
    pub(super) async fn remote_command(&self, command: &str) -> Result<JobId, Failure> {
        let submission = Submission::new(command).key(JobId::random());
        self.submit(&submission).await.map(|job| job.id)
    }

    pub(super) async fn remote_result(&self, id: &JobId) -> Result<Answer, Failure> {
        Ok(Answer::of(self.job(id).await?.as_ref()))
    }

    /// Makes a call, and makes it again over a new wire if the answer was lost with the old one.
    async fn ask<T: FromWire>(
        &self,
        patience: Duration,
        call: impl Fn(&Wire) -> PendingValue<T>,
    ) -> Result<T, Failure> {
        let mut pauses = PAUSES.into_iter();
        loop {
            let wire = self.wire().await?.timeout(patience);
            match (call(&wire).await, pauses.next()) {
                (Err(CallError::Ended { .. }), Some(pause)) => sleep(pause).await,
                (answer, _) => return answer.map_err(Failure::from),
            }
        }
    }

    async fn wire(&self) -> Result<Wire, Failure> {
        // Held while a wire is laid, so that many questions at once lay one.
        let mut kept = self.wire.lock().await;
        if let Some(wire) = kept.as_ref().filter(|wire| wire.is_open()) {
            return Ok(wire.clone());
        }
        let builder =
            Wire::builder().extended().functions(functions![token].state(Arc::clone(&self.shown)));
        let laying = timeout(CONNECT, builder.connect(self.address.authority()));
        let wire = match laying.await {
            Ok(Ok(wire)) => wire,
            Ok(Err(error)) => return Err(Failure::Unreachable { why: error.to_string() }),
            Err(_) => return Err(Failure::Unreachable { why: "it took too long".to_owned() }),
        };
        Ok(kept.insert(wire).clone())
    }
}

impl fmt::Debug for WireLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WireLine({})", self.address)
    }
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Unwound(unwound) => Self::from(unwound),
            error if error.ran() == Ran::No => Self::Unreachable { why: error.to_string() },
            CallError::WrongType { .. } => Self::Misspoken { why: error.to_string() },
            error => Self::Lost { why: error.to_string() },
        }
    }
}

impl From<Unwound> for Failure {
    fn from(unwound: Unwound) -> Self {
        let detail = unwound.message().to_owned();
        match unwound.condition().map(wire::Symbol::name) {
            Some("ID-NOT-FOUND") => Self::NoSuchJob,
            // The one reason for which a server refuses a whole wire.
            Some("REFUSED") => Self::Unauthorized,
            Some("QUEUE-FULL" | "QUEUE-FAILED" | "TOO-MANY-CALLS" | "TOO-MANY-REQUESTS") => {
                Self::Busy { retry_after: None, detail }
            }
            Some("KEY-REUSED") => Self::KeyReused { detail },
            Some("COMMAND-TOO-LONG") => Self::TooLong { detail },
            _ => Self::Misspoken { why: unwound.to_string() },
        }
    }
}

/// A command that is not there is no failure.
fn found(job: Result<Serde<Job>, Failure>) -> Result<Option<Job>, Failure> {
    match job {
        Ok(Serde(job)) => Ok(Some(job)),
        Err(Failure::NoSuchJob) => Ok(None),
        Err(failure) => Err(failure),
    }
}

fn milliseconds(duration: Duration) -> u64 {
    duration.as_millis().try_into().unwrap_or(u64::MAX)
}

/// How long laying a wire may take, the greeting included.
const CONNECT: Duration = Duration::from_secs(5);
