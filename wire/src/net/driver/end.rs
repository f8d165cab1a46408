//! How a wire ends: who ended it, what is still owed, what is said at last.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;

use crate::codec::Op;
use crate::function::Lost;
use crate::handle::{Phase, Shared, WireError};
use crate::net::driver::{BUDGET, Driver};
use crate::net::input::Read;

impl Driver {
    /// Why the peer takes no more output: it may have said so before it went, or have been no wire.
    pub(super) fn last_words(
        &mut self,
        cx: &mut Context<'_>,
        shared: &Shared,
        why: WireError,
    ) -> WireError {
        let mut budget = BUDGET;
        while budget > 0 {
            let read = self.input.read(cx, &mut self.line.lock().stream, shared);
            match read {
                Ok(Read::Some) => {}
                Ok(Read::End) if shared.lock().out.reads().contains(Op::Goodbye) => {
                    return self.dispatch.why_gone(shared);
                }
                _ => break,
            }
            let handled =
                self.input.handle(&self.wire, &mut self.dispatch, &mut self.gate, &mut budget);
            self.dispatch.wake(shared);
            if let Err(broken) = handled {
                return broken;
            }
        }
        why
    }

    /// What ended the wire: once the peer is gone, that, whatever comes of writing to it.
    pub(super) fn first_cause(&self, why: WireError) -> WireError {
        match &self.wire.shared().lock().phase {
            Phase::PeerGone(gone) => gone.clone(),
            _ => why,
        }
    }

    /// Whether somebody ended the wire, or nothing keeps it any more.
    pub(super) fn check_over(&self, shared: &Shared) -> Result<(), WireError> {
        let state = shared.lock();
        match &state.phase {
            Phase::Ended(why) => Err(why.clone()),
            Phase::Closing if self.eof && self.shut => Err(WireError::Closed),
            Phase::PeerGone(why) => {
                let owed =
                    state.out.buffered() > 0 || self.blocked || self.dispatch.running(shared);
                // One that vanished does not read what it is still owed.
                let wanted = owed && !matches!(why, WireError::PeerVanished);
                if wanted || self.gate.holds_calls() { Ok(()) } else { Err(why.clone()) }
            }
            _ => Ok(()),
        }
    }

    /// Shuts our side of the stream, once it is closed, the peer's calls have ended, and all was
    /// written.
    pub(super) fn poll_shutdown(
        &mut self,
        cx: &mut Context<'_>,
        shared: &Shared,
    ) -> Result<(), WireError> {
        if self.shut {
            return Ok(());
        }
        {
            let state = shared.lock();
            if !matches!(state.phase, Phase::Closing) || state.out.buffered() > 0 {
                return Ok(());
            }
            self.timers.closing(state.close_grace);
        }
        if self.dispatch.running(shared) || self.gate.holds_calls() {
            return Ok(());
        }
        let polled = Pin::new(&mut self.line.lock().stream).poll_shutdown(cx);
        match polled {
            Poll::Pending => Ok(()),
            Poll::Ready(result) => {
                (self.shut, self.blocked) = (true, false);
                // A peer that is gone already cannot be told.
                result.or_else(|error| if self.eof { Ok(()) } else { Err(error) })?;
                self.check_over(shared)
            }
        }
    }

    /// A function lost the input: nothing that the peer sends can be told apart any more, so that it
    /// is as good as gone, and is told why.
    pub(super) fn input_lost(&mut self, shared: &Shared, lost: Lost) {
        {
            let mut state = shared.lock();
            if matches!(state.phase, Phase::Open) {
                state.say_goodbye(&lost.told);
            }
        }
        self.peer_gone(shared, lost.why);
    }

    /// The peer's side has ended: our calls have no answer to wait for, its calls still have one to
    /// get.
    pub(super) fn peer_gone(&mut self, shared: &Shared, why: WireError) {
        self.eof = true;
        let waiting = {
            let mut state = shared.lock();
            if !matches!(state.phase, Phase::Open) {
                return;
            }
            self.timers.closing(state.close_grace);
            state.phase = Phase::PeerGone(why.clone());
            state.flush = true;
            state.take_waiting()
        };
        for (waiter, ran) in waiting {
            waiter.ended(why.clone(), ran);
        }
    }
}
