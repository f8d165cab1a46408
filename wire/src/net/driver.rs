//! The task of one wire: it reads, has what was read handled, and writes.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};
use std::time::{Duration, Instant};

use tokio::task::yield_now;

use crate::function::FunctionTable;
use crate::handle::{Doing, Look, Shared, Wire, WireError, enter};
use crate::net::busy_poll::{BusyPoll, Next};
use crate::net::dispatch::Dispatch;
use crate::net::gate::Gate;
use crate::net::input::{Input, READ, Read};
use crate::net::line::{Line, Stream};
use crate::net::serving::ServingTask;
use crate::net::timers::{Keepalive, Timers};
use crate::net::unread::Unread;

mod end;

/// How much is handled before the clock is looked at: a unit for each object and each KiB of it.
const BUDGET: usize = 256;

/// For how long more is handled then before other tasks of the runtime get their turn. tokio asks its
/// users for one every 10 to 100 µs; where it has several threads, each turn that is given wakes one
/// of them, so that giving it after every few calls would cost more than the calls.
const OVERTIME: Duration = Duration::from_micros(100);

/// Drives one wire until it is over.
///
/// All of it runs in one task and takes no locks but the wire's own, for moments. A turn handles
/// what was read, then writes everything that came of it in one go, then reads again. A lone caller
/// writes to the stream itself:
///
/// ```text
///    Line  --read--> Input --events--> Dispatch --calls--> functions
///                                          |                   | answers, calls of their own
///    Line  <--write-- Output <--octets-- Shared <--------------+
/// ```
pub(crate) struct Driver {
    /// The task's own handle, which functions borrow.
    wire: Wire,
    line: Arc<Line>,
    input: Input,
    unread: Unread,
    dispatch: Dispatch,
    gate: Gate,
    timers: Timers,
    /// Our side of the stream is shut.
    shut: bool,
    /// The peer's side has ended.
    eof: bool,
    /// The stream takes no more for now, or keeps some of what it took.
    blocked: bool,
    /// What wakes the task, as everybody was told.
    waker: Waker,
    /// The last turn was put off for those who still make calls.
    put_off: bool,
    busy: BusyPoll,
    /// When this turn is over, once it has used up its first budget.
    turn_ends: Option<Instant>,
    /// Dropped last: it tells the server that the task has ended.
    _task: Option<ServingTask>,
}

impl Driver {
    pub(crate) fn new(
        wire: &Wire,
        stream: Box<dyn Stream>,
        table: Arc<FunctionTable>,
        gate: Gate,
        keepalive: Option<Keepalive>,
        task: Option<ServingTask>,
    ) -> Self {
        let shared = wire.shared();
        let busy = BusyPoll::new(
            stream.as_ref().socket().map_or(Duration::ZERO, |_| shared.limits.busy_poll),
        );
        let line = Arc::new(Line::new(stream));
        shared.set_outlet(&line);
        Self {
            wire: Wire::of(shared),
            line,
            input: Input::new(&shared.limits, shared.text),
            unread: Unread::default(),
            dispatch: Dispatch::new(table, &shared.limits),
            gate,
            timers: Timers::new(keepalive, shared.limits.stall),
            shut: false,
            eof: false,
            blocked: false,
            waker: Waker::noop().clone(),
            put_off: false,
            busy,
            turn_ends: None,
            _task: task,
        }
    }

    /// One turn. An error is the end of the wire, and says why.
    fn turn(&mut self, cx: &mut Context<'_>) -> Result<Poll<()>, WireError> {
        let shared = Arc::clone(self.wire.shared());
        if !self.waker.will_wake(cx.waker()) {
            self.waker.clone_from(cx.waker());
            shared.set_driver(cx.waker());
            self.timers.woken_anew();
        }
        if shared.is_abandoned() && shared.over().is_none() {
            drop(self.wire.close());
        }
        self.busy.polled();
        self.turn_ends = None;
        let mut budget = BUDGET;
        loop {
            if self.busy.is_on() && self.stays_awake(cx, &shared) {
                return Ok(Poll::Pending);
            }
            let polled = self.round(cx, &shared, &mut budget)?;
            if polled.is_ready() || !self.busy.is_on() {
                return Ok(polled);
            }
        }
    }

    /// Handles what was read, writes what came of it, and reads again, until there is no more.
    fn round(
        &mut self,
        cx: &mut Context<'_>,
        shared: &Shared,
        budget: &mut usize,
    ) -> Result<Poll<()>, WireError> {
        let mut begun = shared.begin();
        if begun.gathers && !self.put_off {
            return Ok(self.put_off(cx));
        }
        self.put_off = false;
        if begun.idle && self.waits_for_input() {
            self.read(cx, shared, budget)?;
        }
        let mut wrote = false;
        let look = loop {
            if !begun.open {
                self.check_over(shared)?;
            }
            self.gate.poll(cx, &self.wire, &mut self.dispatch);
            let handled = self.input.handle(&self.wire, &mut self.dispatch, &mut self.gate, budget);
            let several = self.dispatch.wake(shared);
            let handled = handled?;
            if let Some(lost) = handled.lost {
                self.input_lost(shared, lost);
            }
            self.dispatch.poll_trees(cx);
            if several && shared.owes_nothing() {
                return Ok(self.put_off(cx));
            }
            let mut look = shared.look(handled.any);
            // Whoever forces output before a look that finds none due relies on this. What would be
            // answered after our side is shut is not written.
            while !self.shut && (look.due || self.blocked) {
                if let Err(why) = self.poll_output(cx, shared, handled.any) {
                    return Err(self.last_words(cx, shared, why));
                }
                wrote = true;
                look = shared.look(false);
                if self.blocked {
                    break;
                }
            }
            self.timers.wrote(look.accepted, self.blocked);
            self.unread.check(&look, shared.limits.buffered_output)?;
            if look.closing {
                self.poll_shutdown(cx, shared)?;
            }
            if *budget == 0 {
                if !self.is_overdue() {
                    *budget = BUDGET;
                    begun = shared.begin();
                    continue;
                }
                // A peer that never stops sending does not stop the clocks.
                let _ = self.poll_timers(cx, shared, &look)?;
                give_way(cx);
                return Ok(Poll::Pending);
            }
            if self.gate.just_opened() {
                begun = shared.begin();
                continue;
            }
            if self.eof {
                // What was written just now may have been the last that was owed.
                self.check_over(shared)?;
                break look;
            }
            if look.drains || self.input.is_held(&self.gate, shared) {
                shared.stops_reading();
                break look;
            }
            if let Read::Blocked = self.read(cx, shared, budget)? {
                break look;
            }
            begun = shared.begin();
        };
        let polled = self.poll_timers(cx, shared, &look)?;
        // A peer that was just told something is likely to have something to say.
        if wrote && look.open && self.waits_for_input() {
            self.busy.begin(Instant::now);
        }
        Ok(polled)
    }

    /// Awaits input without sleeping. Says whether the task goes on with that once others have had
    /// their turn.
    fn stays_awake(&mut self, cx: &mut Context<'_>, shared: &Shared) -> bool {
        loop {
            if shared.wants_task() {
                self.busy.stop();
                return false;
            }
            if self.read_now(shared) {
                self.timers.read();
                self.busy.pay(Instant::now());
                return false;
            }
            match self.busy.next(Instant::now()) {
                Next::Look => {}
                Next::Yield => {
                    give_way(cx);
                    return true;
                }
                Next::Sleep => return false,
            }
        }
    }

    /// Whether other tasks have waited long enough, now that a budget is used up.
    fn is_overdue(&mut self) -> bool {
        let now = Instant::now();
        *self.turn_ends.get_or_insert(now + OVERTIME) <= now
    }

    /// Whether only what the peer sends can be why the task was woken, unless it has output. Then
    /// that is read first, and nothing else is looked at twice.
    fn waits_for_input(&self) -> bool {
        self.gate.is_open()
            && self.input.is_idle()
            && self.dispatch.is_idle()
            && !(self.eof || self.shut || self.blocked)
    }

    /// Reads once.
    fn read(
        &mut self,
        cx: &mut Context<'_>,
        shared: &Shared,
        budget: &mut usize,
    ) -> Result<Read, WireError> {
        let read = self.input.read(cx, &mut self.line.lock().stream, shared)?;
        match read {
            Read::Some => {
                self.timers.read();
                if self.input.is_lent() {
                    *budget = budget.saturating_sub(READ / 1024);
                }
            }
            Read::Blocked => {}
            Read::End => {
                let why = self.dispatch.why_gone(shared);
                self.input.end(&why);
                self.peer_gone(shared, why);
            }
        }
        Ok(read)
    }

    fn read_now(&mut self, shared: &Shared) -> bool {
        let ends = self.line.lock();
        ends.stream.as_ref().socket().is_some_and(|socket| self.input.read_now(&socket, shared))
    }

    /// Puts the rest of the turn off, once, until those have run who are about to call: to the back
    /// of the queue, where a plain wake-up puts a task that is running.
    fn put_off(&mut self, cx: &Context<'_>) -> Poll<()> {
        self.put_off = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Writes what is due.
    fn poll_output(
        &mut self,
        cx: &mut Context<'_>,
        shared: &Shared,
        handled: bool,
    ) -> Result<(), WireError> {
        self.blocked = self.line.lock().poll_output(cx, shared, handled)?;
        Ok(())
    }

    fn poll_timers(
        &mut self,
        cx: &mut Context<'_>,
        shared: &Shared,
        look: &Look,
    ) -> Result<Poll<()>, WireError> {
        // What we leave unread ourselves is not the peer's to finish.
        let ours = look.drains || self.input.is_held(&self.gate, shared);
        if ours || self.input.is_newly_asked() {
            self.timers.not_reading();
        }
        self.timers.poll(cx, self.input.is_partial() && !ours, look, shared)
    }
}

/// Has the task polled again once others have had their turn.
fn give_way(cx: &mut Context<'_>) {
    // tokio's own yield comes after input and timers; a plain wake-up would come before them, and on a
    // runtime of one thread hold up all others for dozens of turns.
    let _ = pin!(yield_now()).poll(cx);
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
