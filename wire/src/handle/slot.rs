//! Where an answer meets the one who waits for it.

use std::borrow::Cow;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::codec::WrongType;
use crate::convert::ValuesDecoder;
use crate::handle::contain::contain;
use crate::handle::error::{CallError, WireError};
use crate::session::{Ran, Unwound, Values};

/// What the wire's task does with the end of a call, whatever type it waits for.
pub(crate) trait Deliver: fmt::Debug + Send + Sync {
    /// The call returned. Whoever waits for it is woken by the caller, when it likes.
    #[must_use = "whoever waits is woken by nothing else"]
    fn returned(&self, values: Values<'_>) -> Option<Waker>;
    /// The call unwound.
    fn unwound(&self, unwound: Unwound);
    /// The wire ended first.
    fn ended(&self, why: WireError, ran: Ran);
}

/// Reads the value that a call waits for; `None` is NIL for a type that has none.
pub(crate) type Read<T> = fn(&mut ValuesDecoder<'_, '_>) -> Result<Option<T>, WrongType>;

/// The one place that a waiting call allocates: the value is read from the octets straight into it,
/// on the wire's task, while they are still in the read buffer.
pub(crate) struct Slot<T> {
    pub(crate) function: Cow<'static, str>,
    /// Whether all values were asked for, which a classic peer sends in one list.
    all: bool,
    read: Read<T>,
    /// The caller gave up, for a look without the lock.
    given_up: AtomicBool,
    state: Mutex<State<T>>,
}

enum State<T> {
    Waiting(Option<Waker>),
    Done(Result<Option<T>, CallError>),
    /// The result was taken, or the caller gave up.
    Gone,
}

impl<T> Slot<T> {
    pub(crate) fn new(function: Cow<'static, str>, all: bool, read: Read<T>) -> Self {
        let (given_up, state) = (AtomicBool::new(false), Mutex::new(State::Waiting(None)));
        Self { function, all, read, given_up, state }
    }

    pub(crate) fn poll(&self, cx: &Context<'_>) -> Poll<Result<Option<T>, CallError>> {
        let mut state = self.lock();
        if let State::Waiting(waker) = &mut *state {
            match waker {
                Some(waker) => waker.clone_from(cx.waker()),
                None => *waker = Some(cx.waker().clone()),
            }
            return Poll::Pending;
        }
        match std::mem::replace(&mut *state, State::Gone) {
            State::Done(result) => Poll::Ready(result),
            _ => panic!("a pending call was polled after it had ended"),
        }
    }

    /// The caller gives up: what comes is dropped when it comes.
    pub(crate) fn give_up(&self) {
        self.given_up.store(true, Ordering::Relaxed);
        let gone = std::mem::replace(&mut *self.lock(), State::Gone);
        // The value's own destructor runs outside of the lock.
        drop(gone);
    }

    fn done(&self, result: Result<Option<T>, CallError>) -> Option<Waker> {
        let mut state = self.lock();
        if let State::Waiting(waker) = &mut *state {
            let waker = waker.take();
            *state = State::Done(result);
            return waker;
        }
        drop(state);
        contain(|| drop(result));
        None
    }

    fn failed(&self, error: CallError) {
        if let Some(waker) = self.done(Err(error)) {
            waker.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Send> Deliver for Slot<T> {
    fn returned(&self, values: Values<'_>) -> Option<Waker> {
        if self.given_up.load(Ordering::Relaxed) {
            return None;
        }
        // `from_wire` is code of users: its panic is their call's, not the wire's.
        let read = contain(|| values.read(self.all, self.read)).unwrap_or_else(|| {
            Err(WrongType::new("a value that can be read", "one whose `from_wire` panicked"))
        });
        self.done(read.map_err(|error| CallError::WrongType {
            function: self.function.clone(),
            error: Box::new(error),
        }))
    }

    fn unwound(&self, unwound: Unwound) {
        self.failed(CallError::Unwound(unwound));
    }

    fn ended(&self, why: WireError, ran: Ran) {
        self.failed(CallError::Ended { function: self.function.clone(), why, ran });
    }
}

impl<T> fmt::Debug for Slot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").field("function", &self.function).finish_non_exhaustive()
    }
}
