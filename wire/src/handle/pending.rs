//! `Pending`: a call that was made, as the one who waits for it sees it.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker, ready};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use tokio::time::{Sleep, sleep_until};

use crate::codec::WrongType;
use crate::handle::Wire;
use crate::handle::error::CallError;
use crate::handle::running::{self, Doing};
use crate::handle::slot::Slot;
use crate::session::Ran;

/// A call that was made and whose value has not been looked at.
///
/// The call stands in the wire's buffer; the first poll (or [`wait`](Self::wait)) forces the wire's
/// output, so two calls that are made and then awaited are one write and one round trip. Awaiting
/// gives what CMUCL's `remote-value` gives, the value and whether the peer unwound:
///
/// | result | meaning |
/// |---|---|
/// | `Ok((Some(value), false))` | the function returned |
/// | `Ok((None, false))` | it returned NIL, and `T` has no NIL |
/// | `Ok((None, true))` | the peer unwound |
/// | `Err(error)` | neither: [`CallError`] says why, and whether the function ran |
///
/// [`value`](Self::value) makes everything but a value an error; [`outcome`](Self::outcome) tells
/// everything. Nothing is borrowed, and it is `Send`: it may be awaited in another task.
///
/// # Cancel safety
/// Dropping it gives up the value, not the call: the peer goes on, its answer is ignored, and the
/// entry here is freed when the answer comes or the wire ends. [`cancel`](Self::cancel) asks the
/// peer to stop.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use wire::{Wire, functions, remote_fn, remote_value};
///
/// #[remote_fn]
/// fn add(a: i64, b: i64) -> i64 {
///     a + b
/// }
///
/// let (here, _there) = Wire::pair(functions![], functions![add])?;
/// let first = remote_value!(here, add(1, 2) -> i64);
/// let second = remote_value!(here, add(3, 4) -> i64);
/// assert_eq!(first.await?, (Some(3), false)); // one write carried both
/// assert_eq!(second.value().await?, 7);
/// # Ok(())
/// # }
/// ```
#[must_use = "a call's value comes when it is awaited; use `remote!` for its effect alone"]
pub struct Pending<T> {
    call: Call<T>,
    deadline: Option<Deadline>,
}

enum Call<T> {
    /// The handle keeps the wire open until the call has ended.
    Waiting {
        slot: Arc<Slot<T>>,
        wire: Wire,
        id: u32,
        forced: bool,
    },
    Failed(Option<CallError>),
}

struct Deadline {
    at: Instant,
    after: Duration,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Deadline {
    fn of(wire: &Wire) -> Option<Self> {
        // One too far to be told is none.
        wire.timeout.and_then(|after| {
            Instant::now().checked_add(after).map(|at| Self { at, after, timer: None })
        })
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let at = self.at;
        self.timer.get_or_insert_with(|| Box::pin(sleep_until(at.into()))).as_mut().poll(cx)
    }
}

/// A call that stands in the buffer.
pub(crate) struct Appended {
    pub(crate) id: u32,
    /// The output that it is a part of is to be written already.
    pub(crate) forced: bool,
}

impl<T> Pending<T> {
    /// What waits at the slot for a call, if that was appended.
    pub(crate) fn new(
        slot: Arc<Slot<T>>,
        wire: &Wire,
        appended: Result<Appended, CallError>,
    ) -> Self {
        match appended {
            Ok(Appended { id, forced }) => {
                let (wire, deadline) = (wire.clone(), Deadline::of(wire));
                Self { call: Call::Waiting { slot, wire, id, forced }, deadline }
            }
            Err(error) => Self { call: Call::Failed(Some(error)), deadline: None },
        }
    }

    /// Blocks this thread until the call has ended: for threads without a runtime and for functions
    /// declared `#[remote_fn(blocking)]`.
    ///
    /// # Errors
    /// [`CallError::WouldDeadlock`] at once in a plain function, or while an async one is polled:
    /// those run on a task that would have to read the answer.
    pub fn wait(mut self) -> Result<(Option<T>, bool), CallError> {
        told(self.block())
    }

    /// Gives up the value and asks the peer to stop: an async function is dropped where it next
    /// waits. A plain function, and a peer of the classic dialect, go on to their end.
    pub fn cancel(self) {
        if let Call::Waiting { wire, id, .. } = &self.call {
            wire.shared().cancel(*id);
        }
    }

    pub(super) fn poll_result(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Option<T>, CallError>> {
        let result = ready!(self.poll_ended(cx));
        self.call = Call::Failed(None);
        Poll::Ready(result)
    }

    /// The same where NIL is no value.
    pub(super) fn poll_value(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, CallError>> {
        let value = match ready!(self.poll_ended(cx)) {
            Ok(Some(value)) => Ok(value),
            Ok(None) => Err(nil(self.function())),
            Err(error) => Err(error),
        };
        self.call = Call::Failed(None);
        Poll::Ready(value)
    }

    fn poll_ended(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<T>, CallError>> {
        let slot = match &mut self.call {
            Call::Failed(error) => match error.take() {
                Some(error) => return Poll::Ready(Err(error)),
                None => panic!("a pending call was polled after it had ended"),
            },
            Call::Waiting { slot, wire, forced, .. } => {
                if !std::mem::replace(forced, true) {
                    wire.shared().flush();
                }
                slot
            }
        };
        if let Poll::Ready(result) = slot.poll(cx) {
            return Poll::Ready(result);
        }
        let Some(deadline) = &mut self.deadline else {
            return Poll::Pending;
        };
        if deadline.poll(cx).is_pending() {
            return Poll::Pending;
        }
        let error = timed_out(slot, deadline.after);
        self.give_up();
        Poll::Ready(Err(error))
    }

    pub(super) fn block(&mut self) -> Result<Option<T>, CallError> {
        let (slot, wire) = match &mut self.call {
            Call::Failed(error) => return Err(error.take().unwrap_or_else(|| unreachable!())),
            Call::Waiting { slot, wire, .. } => (slot, wire),
        };
        if running::now() != Doing::Anything {
            // The call is made all the same, and goes out with what the function buffers.
            let function = slot.function.clone();
            return Err(CallError::WouldDeadlock { function, ran: Ran::Maybe });
        }
        wire.shared().flush();
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let cx = Context::from_waker(&waker);
        loop {
            if let Poll::Ready(result) = slot.poll(&cx) {
                return result;
            }
            let Some(deadline) = &self.deadline else {
                thread::park();
                continue;
            };
            match deadline.at.checked_duration_since(Instant::now()) {
                Some(left) => thread::park_timeout(left),
                None => return Err(timed_out(slot, deadline.after)),
            }
        }
    }

    fn give_up(&mut self) {
        if let Call::Waiting { slot, .. } = std::mem::replace(&mut self.call, Call::Failed(None)) {
            slot.give_up();
        }
    }
}

impl<T> Drop for Pending<T> {
    fn drop(&mut self) {
        self.give_up();
    }
}

impl<T> Future for Pending<T> {
    type Output = Result<(Option<T>, bool), CallError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.poll_result(cx).map(told)
    }
}

impl<T> Unpin for Pending<T> {}

impl<T> fmt::Debug for Pending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Pending");
        match &self.call {
            Call::Waiting { slot, id, .. } => {
                shown.field("function", &slot.function).field("id", id)
            }
            Call::Failed(error) => shown.field("failed", error),
        };
        shown.finish_non_exhaustive()
    }
}

impl<T> Pending<T> {
    pub(super) fn block_value(&mut self) -> Result<T, CallError> {
        self.block()?.ok_or_else(|| nil(self.function()))
    }

    fn function(&self) -> Cow<'static, str> {
        match &self.call {
            Call::Waiting { slot, .. } => slot.function.clone(),
            Call::Failed(_) => Cow::Borrowed(""),
        }
    }
}

/// As CMUCL tells it: the value, and whether the peer unwound.
fn told<T>(result: Result<Option<T>, CallError>) -> Result<(Option<T>, bool), CallError> {
    match result {
        Ok(value) => Ok((value, false)),
        Err(CallError::Unwound(_)) => Ok((None, true)),
        Err(error) => Err(error),
    }
}

/// A value was asked for that NIL cannot stand for.
fn nil(function: Cow<'static, str>) -> CallError {
    let error = WrongType::new("a value that is not NIL", "NIL");
    CallError::WrongType { function, error: Box::new(error) }
}

/// The call stands in the buffer or beyond it, so it may run whatever becomes of us.
fn timed_out<T>(slot: &Slot<T>, after: Duration) -> CallError {
    CallError::TimedOut { function: slot.function.clone(), after, ran: Ran::Maybe }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
