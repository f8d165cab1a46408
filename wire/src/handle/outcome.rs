//! What a [`Pending`] can be turned into, by what its caller wants to know.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::handle::error::CallError;
use crate::handle::pending::Pending;
use crate::session::Unwound;

impl<T> Pending<T> {
    /// The value alone: unwinding, and NIL for a type that has none, are errors too.
    pub fn value(self) -> PendingValue<T> {
        PendingValue(self)
    }

    /// Everything that can have happened, as one enum. It never fails.
    pub fn outcome(self) -> PendingOutcome<T> {
        PendingOutcome(self)
    }

    /// The value, or what `otherwise` makes when the peer has unwound: CMUCL's third argument of
    /// `remote-value`, and what `else` in [`remote_value!`](crate::remote_value) becomes.
    pub fn or_else<F: FnOnce() -> T>(self, otherwise: F) -> OrElse<T, F> {
        OrElse { pending: self, otherwise: Some(otherwise) }
    }
}

/// The value of a call, or why there is none; made by [`Pending::value`].
#[derive(Debug)]
#[must_use = "a call's value comes when it is awaited"]
pub struct PendingValue<T>(Pending<T>);

impl<T> PendingValue<T> {
    /// Blocks this thread until the call has ended; see [`Pending::wait`].
    ///
    /// # Errors
    /// As awaiting it.
    pub fn wait(mut self) -> Result<T, CallError> {
        self.0.block_value()
    }
}

impl<T> Future for PendingValue<T> {
    type Output = Result<T, CallError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll_value(cx)
    }
}

/// Everything that can come of a call; made by [`Pending::outcome`].
#[derive(Debug)]
#[must_use = "a call's outcome comes when it is awaited"]
pub struct PendingOutcome<T>(Pending<T>);

impl<T> Future for PendingOutcome<T> {
    type Output = Outcome<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll_result(cx).map(|result| match result {
            Ok(Some(value)) => Outcome::Returned(value),
            Ok(None) => Outcome::Nil,
            Err(CallError::Unwound(unwound)) => Outcome::Unwound(unwound),
            Err(error) => Outcome::Failed(error),
        })
    }
}

/// What came of a call.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Outcome<T> {
    /// The function returned this.
    Returned(T),
    /// The function returned NIL, and the type asked for has none.
    Nil,
    /// The peer unwound past the call.
    Unwound(Unwound),
    /// Neither: the call was not sent, or its answer did not come or could not be read.
    Failed(CallError),
}

/// A value, or a substitute if the peer unwinds; made by [`Pending::or_else`].
#[must_use = "a call's value comes when it is awaited"]
pub struct OrElse<T, F> {
    pending: Pending<T>,
    otherwise: Option<F>,
}

impl<T, F: FnOnce() -> T> Future for OrElse<T, F> {
    type Output = Result<T, CallError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.pending.poll_value(cx).map(|result| match (result, self.otherwise.take()) {
            (Err(CallError::Unwound(_)), Some(otherwise)) => Ok(otherwise()),
            (result, _) => result,
        })
    }
}

impl<T, F> Unpin for OrElse<T, F> {}

impl<T, F> fmt::Debug for OrElse<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OrElse").field(&self.pending).finish()
    }
}

/// The values of a call, or its unwinding, with what `remote_value_bind!` needs to know.
#[derive(Debug)]
#[must_use = "a call's values come when it is awaited"]
pub struct Binding<T>(pub(crate) Pending<T>);

/// What [`Binding`] gives.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "matched by macro output of the same version")]
pub enum Bound<T> {
    /// The function returned these.
    Values(T),
    /// The peer unwound.
    Unwound(Unwound),
}

impl<T> Future for Binding<T> {
    type Output = Result<Bound<T>, CallError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll_value(cx).map(|result| match result {
            Err(CallError::Unwound(unwound)) => Ok(Bound::Unwound(unwound)),
            result => result.map(Bound::Values),
        })
    }
}
