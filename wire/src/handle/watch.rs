//! Waiting for the output to go, for room, and for the end.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::codec::Op;
use crate::handle::Wire;
use crate::handle::error::{CallError, WireError};
use crate::handle::shared::{Phase, Shared, State};
use crate::session::Ran;

impl Wire {
    /// Hands everything buffered to the socket, here and now (`wire-force-output`).
    ///
    /// What it returns may be dropped, so this serves in plain functions; awaiting it tells that
    /// all that was buffered at the call has been accepted by the socket. Any number may wait.
    ///
    /// # Errors
    /// [`CallError::Ended`] if the wire ends first.
    pub fn force_output(&self) -> Forced {
        let target = {
            let state = self.shared().lock();
            state.out.appended_total()
        };
        self.shared().flush();
        Forced { watch: Watch::new(self.shared(), target) }
    }

    /// Waits until there is room for calls again: until less than half of
    /// [`Limits::buffered_output`](crate::Limits::buffered_output) waits for the peer to read it.
    ///
    /// # Errors
    /// [`CallError::Ended`] if the wire is over.
    ///
    /// # Cancel safety
    /// It may be dropped at any time.
    pub async fn ready(&self) -> Result<(), CallError> {
        loop {
            let target = {
                let state = self.shared().lock();
                let (over, buffered) = (state.over(), state.out.buffered());
                if let Some(why) = over {
                    return Err(ended("ready", why, Ran::No));
                }
                let room = self.shared().limits.buffered_output / 2;
                if buffered <= room {
                    return Ok(());
                }
                state.out.appended_total() - room as u64
            };
            self.shared().flush();
            Forced { watch: Watch::new(self.shared(), target) }.await?;
        }
    }

    /// Closes the wire in good order: from now on no calls are taken; what is buffered is sent, with
    /// a goodbye if the peer reads one; the peer's calls that run here are answered; then our side of
    /// the stream is shut. Answers are still delivered until the peer ends its side or the grace is
    /// over ([`Builder::close_grace`](crate::Builder::close_grace)); calls that wait even then end
    /// as "may have run". Nothing buffered is lost.
    ///
    /// It is done whether or not what it returns is awaited; awaiting waits for the end.
    pub fn close(&self) -> Closed {
        self.close_because("")
    }

    /// Closes the wire in good order and tells the peer why.
    pub fn close_because(&self, reason: &str) -> Closed {
        self.close_within(reason, None)
    }

    /// The same, with a grace other than the wire's own.
    pub(crate) fn close_within(&self, reason: &str, grace: Option<Duration>) -> Closed {
        let shared = self.shared();
        {
            let mut state = shared.lock();
            if matches!(state.phase, Phase::Open) {
                state.phase = Phase::Closing;
                state.close_grace = grace.unwrap_or(state.close_grace);
                state.flush = true;
                state.say_goodbye(reason);
            }
        }
        shared.wake();
        self.closed()
    }

    /// Ends the wire at once: what is buffered is lost, and every waiting call ends.
    pub fn abort(&self, reason: &str) {
        self.shared().end(WireError::Aborted { reason: reason.into() });
    }

    /// Waits for the end of the wire, and tells why it ended.
    ///
    /// # Cancel safety
    /// It may be dropped at any time.
    pub fn closed(&self) -> Closed {
        Closed { watch: Watch::new(self.shared(), u64::MAX) }
    }
}

/// Waits until the socket has accepted what was buffered; made by [`Wire::force_output`].
pub struct Forced {
    watch: Watch,
}

impl Future for Forced {
    type Output = Result<(), CallError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.watch
            .poll(cx)
            .map(|reached| reached.map_err(|why| ended("force_output", why, Ran::Maybe)))
    }
}

impl fmt::Debug for Forced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Forced({})", self.watch.target)
    }
}

/// Waits for the end of a wire; made by [`Wire::closed`] and [`Wire::close`].
pub struct Closed {
    watch: Watch,
}

impl Future for Closed {
    type Output = WireError;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<WireError> {
        self.watch.poll(cx).map(|reached| match reached {
            Err(why) => why,
            Ok(()) => unreachable!("no wire carries 2^64 octets"),
        })
    }
}

impl fmt::Debug for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Closed")
    }
}

/// One who waits for the socket to have accepted `target` octets, with an entry in the wire's
/// table while it waits.
struct Watch {
    wire: Arc<Shared>,
    target: u64,
    key: Option<usize>,
}

impl Watch {
    fn new(wire: &Arc<Shared>, target: u64) -> Self {
        Self { wire: Arc::clone(wire), target, key: None }
    }

    fn poll(&mut self, cx: &Context<'_>) -> Poll<Result<(), WireError>> {
        let mut state = self.wire.lock();
        if state.out.accepted_total() >= self.target {
            return Poll::Ready(Ok(()));
        }
        if let Phase::Ended(why) = &state.phase {
            return Poll::Ready(Err(why.clone()));
        }
        let entry = (self.target, cx.waker().clone());
        match self.key {
            Some(key) => state.watchers[key] = entry,
            None => self.key = Some(state.watchers.insert(entry)),
        }
        Poll::Pending
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let Some(key) = self.key else {
            return;
        };
        let mut state = self.wire.lock();
        // The end of the wire takes the table away.
        let gone: Option<(u64, Waker)> = state.watchers.try_remove(key);
        drop(state);
        drop(gone);
    }
}

fn ended(what: &'static str, why: WireError, ran: Ran) -> CallError {
    CallError::Ended { function: Cow::Borrowed(what), why, ran }
}

impl State {
    /// Tells the peer that nothing follows, and why, if it can understand it.
    pub(crate) fn say_goodbye(&mut self, reason: &str) {
        if self.out.reads().contains(Op::Goodbye) {
            // A reason too long for the peer is left out; the goodbye is not.
            let said = self.out.protocol(&|out| out.goodbye(reason));
            if said.is_err() {
                let _ = self.out.protocol(&|out| out.goodbye(""));
            }
        }
    }
}

impl Shared {
    /// Tells the peer that it may stop that call, if it can understand it.
    pub(crate) fn cancel(&self, id: u32) {
        let mut state = self.lock();
        if state.out.reads().contains(Op::Cancel) && state.over().is_none() {
            // Nothing of it can be refused by the encoder.
            let _ = state.out.protocol(&|out| out.cancel(id));
            state.flush = true;
            drop(state);
            self.wake();
        }
    }
}
