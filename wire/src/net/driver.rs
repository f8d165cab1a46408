//! The task of one wire: it reads, has what was read handled, and writes.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::yield_now;

use crate::codec::Op;
use crate::function::{FunctionTable, Lost};
use crate::handle::{Doing, Phase, Shared, Wire, WireError, enter};
use crate::net::dispatch::Dispatch;
use crate::net::gate::Gate;
use crate::net::input::{Input, READ, Read};
use crate::net::output::Output;
use crate::net::timers::{Keepalive, Timers};

/// What a wire can be laid over: any byte stream.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// How much is handled in one turn before other tasks of the runtime get theirs: a unit for each
/// object and each KiB of it.
const BUDGET: usize = 512;

/// Drives one wire until it is over.
///
/// All of it runs in one task and takes no lock but the wire's own, for moments. A turn handles
/// what was read, then writes everything that came of it in one go, then reads again:
///
/// ```text
///   stream --read--> Input --events--> Dispatch --calls--> functions
///                                          |                   | answers, calls of their own
///   stream <--write-- Output <--octets-- Shared <--------------+
/// ```
pub(crate) struct Driver {
    /// The task's own handle, which functions borrow.
    wire: Wire,
    stream: Box<dyn Stream>,
    input: Input,
    output: Output,
    dispatch: Dispatch,
    gate: Gate,
    timers: Timers,
    /// Our side of the stream is shut.
    shut: bool,
    /// The peer's side has ended.
    eof: bool,
    /// The last turn was put off for those who still make calls.
    put_off: bool,
}

impl Driver {
    pub(crate) fn new(
        wire: &Wire,
        stream: Box<dyn Stream>,
        table: Arc<FunctionTable>,
        gate: Gate,
        keepalive: Option<Keepalive>,
    ) -> Self {
        let shared = wire.shared();
        Self {
            wire: Wire::of(shared),
            stream,
            input: Input::new(&shared.limits, shared.text),
            output: Output::default(),
            dispatch: Dispatch::new(table, &shared.limits),
            gate,
            timers: Timers::new(keepalive, shared.limits.stall),
            shut: false,
            eof: false,
            put_off: false,
        }
    }

    /// One turn. An error is the end of the wire, and says why.
    fn turn(&mut self, cx: &mut Context<'_>) -> Result<Poll<()>, WireError> {
        let shared = Arc::clone(self.wire.shared());
        shared.set_driver(cx.waker());
        if shared.is_abandoned() && shared.over().is_none() {
            drop(self.wire.close());
        }
        self.put_off = !self.put_off && shared.gathers();
        if self.put_off {
            // To the back of the queue, where a plain wake-up puts a task that is running.
            cx.waker().wake_by_ref();
            return Ok(Poll::Pending);
        }
        let mut budget = BUDGET;
        loop {
            self.check_over(&shared)?;
            self.gate.poll(cx, &self.wire, &mut self.dispatch);
            let handled =
                self.input.handle(&self.wire, &mut self.dispatch, &mut self.gate, &mut budget);
            self.dispatch.wake();
            let handled = handled?;
            if let Some(lost) = handled.lost {
                self.input_lost(&shared, lost);
            }
            self.dispatch.poll_trees(cx);
            let blocked = match self.poll_output(cx, &shared, handled.any) {
                Ok(blocked) => blocked,
                Err(why) => return Err(self.last_words(cx, &shared, why)),
            };
            self.timers.wrote(self.output.total(), blocked);
            self.output.check_unread(&shared)?;
            self.poll_shutdown(cx, &shared)?;
            if budget == 0 {
                // A peer that never stops sending does not stop the clocks.
                let _ = self.poll_timers(cx, &shared)?;
                // tokio's own yield comes after input and timers; a plain wake-up would come before
                // them, and on a runtime of one thread hold up all others for dozens of turns.
                let _ = pin!(yield_now()).poll(cx);
                return Ok(Poll::Pending);
            }
            if self.gate.just_opened() {
                continue;
            }
            if self.eof {
                // What was written just now may have been the last that was owed.
                self.check_over(&shared)?;
                break;
            }
            if self.input.is_held(&self.gate, &shared) || self.output.must_drain(&shared) {
                break;
            }
            match self.input.read(cx, &mut self.stream, &shared)? {
                Read::Some => {
                    self.timers.read();
                    if self.input.is_lent() {
                        budget = budget.saturating_sub(READ / 1024);
                    }
                }
                Read::Blocked => break,
                Read::End => {
                    let why = self.dispatch.why_gone(&shared);
                    self.input.end(&why);
                    self.peer_gone(&shared, why);
                }
            }
        }
        self.poll_timers(cx, &shared)
    }

    /// Writes, until our side is shut: what would be answered after that is not.
    fn poll_output(
        &mut self,
        cx: &mut Context<'_>,
        shared: &Shared,
        handled: bool,
    ) -> Result<bool, WireError> {
        if self.shut {
            return Ok(false);
        }
        self.output.poll(cx, &mut self.stream, shared, handled)
    }

    fn poll_timers(
        &mut self,
        cx: &mut Context<'_>,
        shared: &Shared,
    ) -> Result<Poll<()>, WireError> {
        // What we leave unread ourselves is not the peer's to finish.
        let ours = self.input.is_held(&self.gate, shared) || self.output.must_drain(shared);
        if ours || self.input.is_newly_asked() {
            self.timers.not_reading();
        }
        self.timers.poll(cx, self.input.is_partial() && !ours, shared)
    }

    /// Why the peer takes no more output: it may have said so before it went, or have been no wire.
    fn last_words(&mut self, cx: &mut Context<'_>, shared: &Shared, why: WireError) -> WireError {
        let mut budget = BUDGET;
        while budget > 0 {
            match self.input.read(cx, &mut self.stream, shared) {
                Ok(Read::Some) => {}
                Ok(Read::End) if shared.lock().out.reads().contains(Op::Goodbye) => {
                    return self.dispatch.why_gone(shared);
                }
                _ => break,
            }
            let handled =
                self.input.handle(&self.wire, &mut self.dispatch, &mut self.gate, &mut budget);
            self.dispatch.wake();
            if let Err(broken) = handled {
                return broken;
            }
        }
        why
    }

    /// What ended the wire: once the peer is gone, that, whatever comes of writing to it.
    fn first_cause(&self, why: WireError) -> WireError {
        match &self.wire.shared().lock().phase {
            Phase::PeerGone(gone) => gone.clone(),
            _ => why,
        }
    }

    /// Whether somebody ended the wire, or nothing keeps it any more.
    fn check_over(&self, shared: &Shared) -> Result<(), WireError> {
        let state = shared.lock();
        match &state.phase {
            Phase::Ended(why) => Err(why.clone()),
            Phase::Closing if self.eof && self.shut => Err(WireError::Closed),
            Phase::PeerGone(why) => {
                let owed = state.out.buffered() > 0
                    || self.output.is_unflushed()
                    || self.dispatch.running(shared);
                // One that vanished does not read what it is still owed.
                let wanted = owed && !matches!(why, WireError::PeerVanished);
                if wanted || self.gate.holds_calls() { Ok(()) } else { Err(why.clone()) }
            }
            _ => Ok(()),
        }
    }

    /// Shuts our side of the stream, once it is closed, the peer's calls have ended, and all was
    /// written.
    fn poll_shutdown(&mut self, cx: &mut Context<'_>, shared: &Shared) -> Result<(), WireError> {
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
        match Pin::new(&mut self.stream).poll_shutdown(cx) {
            Poll::Pending => Ok(()),
            Poll::Ready(result) => {
                self.shut = true;
                // A peer that is gone already cannot be told.
                result.or_else(|error| if self.eof { Ok(()) } else { Err(error) })?;
                self.check_over(shared)
            }
        }
    }

    /// A function lost the input: nothing that the peer sends can be told apart any more, so that it
    /// is as good as gone, and is told why.
    fn input_lost(&mut self, shared: &Shared, lost: Lost) {
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
    fn peer_gone(&mut self, shared: &Shared, why: WireError) {
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

impl Future for Driver {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        // Hooks, functions and `from_wire` run here: blocking in any of them on a call would keep
        // its answer from being read.
        let _running = enter(Doing::Function);
        let why = match self.turn(cx) {
            Ok(poll) => {
                ready!(poll);
                WireError::Closed
            }
            Err(why) => why,
        };
        let why = self.gate.refused().unwrap_or_else(|| self.first_cause(why));
        tracing::debug!(peer = %self.wire.peer(), %why, "the wire ended");
        self.wire.shared().end(why);
        Poll::Ready(())
    }
}

/// A task that is dropped, by the end of its runtime, still tells everybody.
impl Drop for Driver {
    fn drop(&mut self) {
        self.wire.shared().end(WireError::RuntimeGone);
    }
}
