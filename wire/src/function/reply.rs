//! Where the value of a called function goes.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;
use tokio::sync::oneshot;

use crate::convert::ToWire;
use crate::function::definition::Definition;
use crate::function::inner::{InnerValue, Room};
use crate::function::invocation::Work;
use crate::function::panics::catch;
use crate::function::raw::Loan;
use crate::function::returns::{Returns, returned_with_value};
use crate::handle::{Doing, Phase, Shared, Wire, enter};
use crate::session::{Answer, SendError, Unwound};

/// Who is to be told.
#[derive(Debug)]
pub(crate) enum ReplyTo {
    /// Nobody: the call was made for its effect.
    Nobody,
    /// The peer.
    Peer(Answer),
    /// The peer, for a call of which calls among the arguments have run.
    Tree(Answer),
    /// The call that has this one among its arguments, with room for so much.
    Outer(oneshot::Sender<Result<InnerValue, Unwound>>, Room),
}

/// The duty to answer a call, wherever its function runs.
///
/// Dropped without an answer, as by a cancelled or shut-down task, it tells the caller that the
/// function was dropped: every call that wants values gets exactly one answer.
#[derive(Debug)]
pub struct Reply {
    wire: Wire,
    to: Option<ReplyTo>,
    definition: &'static Definition,
    withhold: bool,
    /// The input, which a function that reads what follows its call has or has given back.
    loan: Option<Arc<Loan>>,
    _running: Running,
}

impl Reply {
    pub(crate) fn new(
        wire: Wire,
        to: ReplyTo,
        definition: &'static Definition,
        withhold: bool,
        loan: Option<Arc<Loan>>,
    ) -> Self {
        let running = Running::new(wire.shared());
        Self { wire, to: Some(to), definition, withhold, loan, _running: running }
    }

    /// A future that runs an async function and answers.
    pub fn future<R: Returns>(self, function: impl Future<Output = R> + Send + 'static) -> Work {
        self.drive(async move { Outcome(function.await.returned()) })
    }

    /// As [`future`](Self::future), for a function whose errors go along as values.
    pub fn future_unwinds<T: ToWire, E>(
        self,
        function: impl Future<Output = Result<T, E>> + Send + 'static,
    ) -> Work
    where
        E: ToWire + Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.drive(async move { Outcome(returned_with_value(function.await)) })
    }

    /// What runs a blocking function and answers.
    pub fn blocking<R: Returns>(self, function: impl FnOnce() -> R + Send + 'static) -> Work {
        self.block(move || function().returned())
    }

    /// As [`blocking`](Self::blocking), for a function whose errors go along as values.
    pub fn blocking_unwinds<T: ToWire, E>(
        self,
        function: impl FnOnce() -> Result<T, E> + Send + 'static,
    ) -> Work
    where
        E: ToWire + Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.block(move || returned_with_value(function()))
    }

    fn drive<V: ToWire>(self, run: impl Future<Output = Outcome<V>> + Send + 'static) -> Work {
        Work::Future(Box::pin(Driven { run, reply: Some(self) }))
    }

    fn block<V: ToWire>(
        mut self,
        run: impl FnOnce() -> Result<V, Unwound> + Send + 'static,
    ) -> Work {
        Work::Blocking(Box::new(move || {
            let ran = catch(|| match run() {
                Ok(values) => self.answer(Ok(&values)),
                Err(reason) => self.answer(Err(reason)),
            });
            if let Err(panic) = ran {
                self.answer(Err(panic));
            }
        }))
    }

    fn answer(&mut self, result: Result<&dyn ToWire, Unwound>) {
        let Some(to) = self.to.take() else { return };
        let unwound = if self.loan.is_some() { result.as_ref().err().cloned() } else { None };
        answer(&self.wire, to, self.definition, self.withhold, result);
        match (&self.loan, unwound) {
            (Some(loan), Some(reason)) => loan.unwound(&reason),
            (Some(loan), None) => loan.give_back(),
            (None, _) => {}
        }
        self.wire.shared().flush();
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        if self.to.is_some() {
            let function = self.definition.name;
            let message = format!("{function} was dropped before it ended");
            self.answer(Err(Unwound::new("CANCELLED", message)));
        }
    }
}

/// Answers a call whose function has ended, or was not run.
pub(crate) fn answer(
    wire: &Wire,
    to: ReplyTo,
    definition: &'static Definition,
    withhold: bool,
    result: Result<&dyn ToWire, Unwound>,
) {
    let result = result.map_err(|reason| complete(reason, definition, withhold));
    match to {
        ReplyTo::Nobody => {
            if let Err(reason) = result {
                tracing::debug!(peer = %wire.peer(), %reason, "a call made for its effect unwound");
            }
        }
        ReplyTo::Peer(to) => answer_peer(wire.shared(), to, definition.name, result),
        ReplyTo::Tree(to) => {
            let result = result.map_err(Unwound::of_more_that_ran);
            answer_peer(wire.shared(), to, definition.name, result);
        }
        ReplyTo::Outer(outer, room) => {
            let limits = &wire.shared().limits;
            let value =
                result.and_then(|values| InnerValue::new(values, definition.name, room, limits));
            // The outer call may be gone; then nobody wants the value.
            let _ = outer.send(value);
        }
    }
}

/// Answers the peer. What cannot be sent unwinds, so that it gets exactly one answer.
pub(crate) fn answer_peer(
    shared: &Shared,
    to: Answer,
    function: &str,
    result: Result<&dyn ToWire, Unwound>,
) {
    let mut state = shared.lock();
    if matches!(state.phase, Phase::Ended(_)) {
        return;
    }
    let reason = match result {
        Err(reason) => reason,
        Ok(values) => {
            let encoding = enter(Doing::Encoding);
            let answered = catch(|| state.out.answer(to, values));
            drop(encoding);
            match answered {
                Ok(Ok(())) => return,
                Ok(Err(error)) => not_sendable(error, function),
                Err(panic) => panic.of_function(function),
            }
        }
    };
    // Where the reason is too large, or the peer reads nothing so deep as a list, the bare fact fits.
    for told in [Some(&reason), Some(&reason.withheld()), None] {
        if state.out.unwound(to, told).is_ok() {
            return;
        }
    }
}

fn not_sendable(error: SendError, function: &str) -> Unwound {
    let message = match error {
        SendError::Unsendable { error, .. } => format!("the value of {function}: {error}"),
        SendError::TooManyObjects { limit } => format!(
            "the value of {function}: the caller would hold more objects than \
             `Limits::remote_objects` allows, {limit}"
        ),
        other => format!("the value of {function} cannot be sent: {other:?}"),
    };
    Unwound::new("NOT-SENDABLE", message).of_function(function)
}

/// What the caller is told of a reason.
fn complete(reason: Unwound, definition: &'static Definition, withhold: bool) -> Unwound {
    if withhold {
        return reason.withheld();
    }
    if reason.function().is_some() { reason } else { reason.of_function(definition.name) }
}

/// How an async function ended, for [`Driven`].
struct Outcome<V>(Result<V, Unwound>);

pin_project! {
    /// An async function on its way, with the duty to answer.
    struct Driven<F> {
        #[pin]
        run: F,
        reply: Option<Reply>,
    }
}

impl<V: ToWire, F: Future<Output = Outcome<V>>> Future for Driven<F> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.project();
        let Some(reply) = this.reply else {
            return Poll::Ready(());
        };
        let ran = catch(|| {
            let _running = enter(Doing::Function);
            match this.run.poll(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Outcome(Ok(values))) => reply.answer(Ok(&values)),
                Poll::Ready(Outcome(Err(reason))) => reply.answer(Err(reason)),
            }
            Poll::Ready(())
        });
        match ran {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(())) => {}
            Err(panic) => reply.answer(Err(panic)),
        }
        *this.reply = None;
        Poll::Ready(())
    }
}

/// Counts a call that runs outside of the wire's own task, until it is dropped.
pub(crate) struct Running(Arc<Shared>);

impl Running {
    pub(crate) fn new(shared: &Arc<Shared>) -> Self {
        shared.counters.running.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(shared))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The wire's task, once either side has closed, lives on only for the calls that still run.
        // A wire that is open now is looked at again by whoever changes that.
        let last = self.0.counters.running.fetch_sub(1, Ordering::AcqRel) == 1;
        if last && !matches!(self.0.lock().phase, Phase::Open) {
            self.0.wake();
        }
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Running")
    }
}
