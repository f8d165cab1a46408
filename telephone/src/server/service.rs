//! The exchange over a wire: functions in the package `TELEPHONE`.
//!
//! A server with a token asks whoever connects for it, by a call of `TELEPHONE:TOKEN`, before it
//! hears anything: calls that come meanwhile are held, and refused with their wire if the token
//! is wrong. From CMU Common Lisp, whose functions are its symbols:
//!
//! ```lisp
//! (defun telephone::token () "sesame")
//! (wire:remote-value wire (telephone::remote-command "(+ 1 2)"))   ; "G610"
//! (wire:remote-value wire (telephone::remote-result "G610"))       ; (TELEPHONE::FINISHED 3)
//! ```

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::net::TcpListener;
use tokio::time::timeout;
use wire::{Functions, Limits, Peer, RequestServer, Serde, Symbol, Unwound, Value, Wire};
use wire::{functions, remote_fn, remote_value};

use super::exchange::Exchange;
use super::refusal::Refusal;
use crate::api::{FunctionDescription, JobFilter, PartnerStatus, Status};
use crate::job::{Job, JobId, Submission};
use crate::original::Answer;

/// What listens for wires. What may be sent over one is as much as a body may have.
pub(super) fn listen(listener: TcpListener, exchange: &Arc<Exchange>) -> RequestServer {
    let limits = &exchange.limits;
    let of_wires = Limits::default().object_weight(limits.body as u64).stall(limits.body_time);
    let server = RequestServer::over(listener)
        .functions(offered(exchange))
        .limits(of_wires)
        .max_wires(limits.connections);
    if exchange.token.is_none() {
        return server;
    }
    let exchange = Arc::clone(exchange);
    server.on_connect(move |wire| {
        let exchange = Arc::clone(&exchange);
        async move { admit(&exchange, &wire).await }
    })
}

async fn admit(exchange: &Exchange, wire: &Wire) -> Result<(), &'static str> {
    // Each wire is a guess at the token.
    if let Peer::Tcp(address) = wire.peer() {
        exchange.rate.turn(address.ip()).await;
    }
    let asked = wire.timeout(exchange.limits.head_time);
    let shown = remote_value!(asked, telephone::token() -> String).value().await;
    match (&exchange.token, shown) {
        (Some(token), Ok(shown)) if token.is(&shown) => Ok(()),
        _ => Err(WRONG_TOKEN),
    }
}

fn offered(exchange: &Arc<Exchange>) -> Functions {
    functions![
        submit_command,
        job,
        wait_for_job,
        job_change,
        cancel_job,
        jobs,
        status,
        offered_functions,
        partners,
        remote_command,
        remote_result
    ]
    .package("TELEPHONE")
    .state(Arc::clone(exchange))
}

impl Exchange {
    /// The exchange as one call sees it: whoever makes it asks not too often.
    fn asked_over(&self, wire: &Wire) -> Result<&Self, Refusal> {
        if let Peer::Tcp(address) = wire.peer() {
            self.rate.check(address.ip())?;
        }
        Ok(self)
    }
}

/// Files a command.
#[remote_fn]
async fn submit_command(
    exchange: &Exchange,
    wire: &Wire,
    submission: Serde<Submission>,
) -> Result<Serde<Job>, Unwound> {
    Ok(Serde(exchange.asked_over(wire)?.submit(submission.0).await?.job))
}

/// How a command stands.
#[remote_fn]
async fn job(exchange: &Exchange, wire: &Wire, id: Serde<JobId>) -> Result<Serde<Job>, Unwound> {
    found(&id.0, exchange.asked_over(wire)?.job(&id.0).await?)
}

/// A command as soon as it has ended, or as it stands after so many milliseconds.
#[remote_fn]
async fn wait_for_job(
    exchange: &Exchange,
    wire: &Wire,
    id: Serde<JobId>,
    milliseconds: u64,
) -> Result<Serde<Job>, Unwound> {
    found(&id.0, exchange.asked_over(wire)?.wait(&id.0, Duration::from_millis(milliseconds)).await?)
}

/// A command as soon as it is not as it was known to be, or nothing after so many milliseconds.
#[remote_fn]
async fn job_change(
    exchange: &Exchange,
    wire: &Wire,
    id: Serde<JobId>,
    known: Serde<Option<Job>>,
    milliseconds: u64,
) -> Result<Serde<Option<Job>>, Unwound> {
    let exchange = exchange.asked_over(wire)?;
    let patience = Duration::from_millis(milliseconds).min(exchange.limits.wait);
    let Serde(known) = known;
    let Serde(job) = found(&id.0, exchange.job(&id.0).await?)?;
    if known.as_ref() != Some(&job) {
        return Ok(Serde(Some(job)));
    }
    let mut changes = std::pin::pin!(exchange.follow(&id.0));
    let change = async {
        while let Some(job) = changes.next().await {
            if known.as_ref() != Some(&job) {
                return Some(job);
            }
        }
        None
    };
    Ok(Serde(timeout(patience, change).await.ok().flatten()))
}

/// Calls a command off.
#[remote_fn]
async fn cancel_job(
    exchange: &Exchange,
    wire: &Wire,
    id: Serde<JobId>,
) -> Result<Serde<Job>, Unwound> {
    found(&id.0, exchange.asked_over(wire)?.cancel(&id.0).await?)
}

/// Commands, the latest first.
#[remote_fn]
async fn jobs(
    exchange: &Exchange,
    wire: &Wire,
    filter: Serde<JobFilter>,
) -> Result<Serde<Vec<Job>>, Unwound> {
    Ok(Serde(exchange.asked_over(wire)?.jobs(filter.0).await?))
}

/// How the server and its queue are.
#[remote_fn]
async fn status(exchange: &Exchange, wire: &Wire) -> Result<Serde<Status>, Unwound> {
    Ok(Serde(exchange.asked_over(wire)?.status().await?))
}

/// What a command may call beside Lisp itself.
#[remote_fn(name = "FUNCTIONS")]
fn offered_functions(
    exchange: &Exchange,
    wire: &Wire,
) -> Result<Serde<Vec<FunctionDescription>>, Unwound> {
    Ok(Serde(exchange.asked_over(wire)?.functions.clone()))
}

/// How the partners are that the server was told of.
#[remote_fn]
async fn partners(exchange: &Exchange, wire: &Wire) -> Result<Serde<Vec<PartnerStatus>>, Unwound> {
    Ok(Serde(exchange.asked_over(wire)?.partners.look().await))
}

/// Files a command, as the original's `remote-command` does: the id comes back.
#[remote_fn]
async fn remote_command(
    exchange: &Exchange,
    wire: &Wire,
    command: String,
) -> Result<String, Unwound> {
    Ok(exchange.asked_over(wire)?.submit(Submission::new(command)).await?.job.id.into())
}

/// How a command stands, as the original's `remote-result` tells: a list of a state and a value.
/// What this side cannot read of a value is its text.
#[remote_fn]
async fn remote_result(exchange: &Exchange, wire: &Wire, id: String) -> Result<Value, Unwound> {
    let exchange = exchange.asked_over(wire)?;
    let job = match id.parse::<JobId>() {
        Ok(id) => exchange.job(&id).await?,
        Err(_) => None,
    };
    let answer = Answer::of(job.as_ref());
    let state = Value::from(Symbol::new(answer.word(), "TELEPHONE"));
    let printed = answer.rest();
    let value = Value::read(&printed).unwrap_or_else(|_| Value::from(printed));
    Ok(Value::list([state, value]))
}

fn found(id: &JobId, job: Option<Job>) -> Result<Serde<Job>, Unwound> {
    job.map(Serde).ok_or_else(|| Refusal::no_such_job(id.as_str()).into())
}

impl From<Refusal> for Unwound {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.condition, refusal.detail)
    }
}

/// Said to those who are refused, and known to partners by its condition, `REFUSED`.
const WRONG_TOKEN: &str = "this server wants the token that it was started with";
