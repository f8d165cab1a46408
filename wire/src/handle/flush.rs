//! Having the output written: by whoever calls, or by the wire's task.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::task::Waker;

use crate::codec::{Op, Reads};
use crate::handle::shared::{Phase, Shared, State, lock};
use crate::limits::Limits;

/// The way out of a wire, for those who would otherwise wake its task to write.
pub(crate) trait Outlet: Send + Sync {
    /// Writes what is due, if nobody else is at the stream. Says whether all of it has gone; what has
    /// not is the task's, and so is an error.
    fn write_now(&self, shared: &Shared) -> bool;
}

/// Who writes what is to go now.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Writer {
    /// The wire's task, which looks at the output before it sleeps: nobody need wake it for that.
    Task,
    /// The wire's task, when it is woken: what is sent may change what it waits for.
    TaskOnceWoken,
    /// A caller that is alone. The task sleeps until there is something to read.
    Anybody,
}

/// What the wire's task sees when it begins.
pub(crate) struct Begun {
    /// Nothing has ended or closed the wire.
    pub(crate) open: bool,
    /// Nothing at all waits to be written, on a wire that is open.
    pub(crate) idle: bool,
    /// Output is due that is likely to have company soon. tokio runs a task next that another one
    /// wakes, ahead of all the callers that were woken before; each would have a write of its own.
    pub(crate) gathers: bool,
}

/// What the wire's task sees of the output, all under one lock.
pub(crate) struct Look {
    /// Something is to be written.
    pub(crate) due: bool,
    /// Calls go both ways.
    pub(crate) open: bool,
    /// This side has closed.
    pub(crate) closing: bool,
    /// What the peer reads.
    pub(crate) reads: Reads,
    /// A function has the input.
    pub(crate) lent: bool,
    /// So many answers wait for the peer to read them that we stop reading. While a call of ours
    /// waits we read on: its answer is behind what we would not read. Our own calls do not count:
    /// two sides that call each other without asking for values would wait for each other.
    pub(crate) drains: bool,
    /// Octets that the stream has not accepted.
    pub(crate) buffered: usize,
    /// Octets since the wire began.
    pub(crate) appended: u64,
    pub(crate) accepted: u64,
}

impl Shared {
    /// Has what is buffered written.
    ///
    /// A lone caller writes it itself: waking the task costs more than the write. Where others are
    /// likely to call in the same moment the task does, for all of them at once.
    pub(crate) fn flush(&self) {
        let alone = {
            let mut state = self.lock();
            let asked = std::mem::replace(&mut state.flush, true);
            if asked || matches!(state.writer, Writer::Task) {
                return;
            }
            matches!(state.writer, Writer::Anybody) && !self.has_company(&state)
        };
        if !(alone && self.write_now()) {
            self.wake();
        }
    }

    /// Begins a round of the wire's task, which ends with a [look](Self::look) at the output.
    pub(crate) fn begin(&self) -> Begun {
        let mut state = self.lock();
        state.writer = Writer::Task;
        let open = matches!(state.phase, Phase::Open);
        Begun {
            open,
            idle: open && state.out.buffered() == 0,
            gathers: state.flush && self.has_company(&state),
        }
    }

    /// Looks whether output is to be written; `handled` says that objects were handled, whose
    /// answers go out now. Where none is, whoever forces output from here on sees to it.
    pub(crate) fn look(&self, handled: bool) -> Look {
        self.release_imports();
        let mut state = self.lock();
        let due = state.output_is_due(handled, &self.limits);
        let out = &state.out;
        let drains = out.asked_for() > self.limits.read_pause && out.waiting() == 0;
        let open = matches!(state.phase, Phase::Open);
        // Of a call to a peer that reads no pings the task has to know: it may have to nudge it.
        let alone = open && out.reads().contains(Op::Ping) && !drains;
        let writer = match (due, alone) {
            (true, _) => Writer::Task,
            (false, true) => Writer::Anybody,
            (false, false) => Writer::TaskOnceWoken,
        };
        state.writer = writer;
        let out = &state.out;
        Look {
            due,
            open,
            closing: matches!(state.phase, Phase::Closing),
            reads: out.reads(),
            lent: state.lent_to.is_some(),
            drains,
            buffered: out.buffered(),
            appended: out.appended_total(),
            accepted: out.accepted_total(),
        }
    }

    /// Whether the task has more to do than to read.
    pub(crate) fn wants_task(&self) -> bool {
        let state = self.lock();
        state.flush || !matches!(state.phase, Phase::Open)
    }

    /// The task sleeps without reading on: a call that is made may be what it has to know.
    pub(crate) fn stops_reading(&self) {
        self.lock().writer = Writer::TaskOnceWoken;
    }

    /// Whether the peer waits for nothing from us just now, after what was handled. Calls that
    /// functions have buffered go out with the next look at the output.
    pub(crate) fn owes_nothing(&self) -> bool {
        let mut state = self.lock();
        let nothing = state.out.asked_for() == 0 && matches!(state.phase, Phase::Open);
        state.flush |= nothing;
        nothing
    }

    /// Whether there are several who may have output at once: they wait for answers, or have just
    /// got theirs, or answer calls of the peer.
    fn has_company(&self, state: &State) -> bool {
        state.out.waiting() > 1
            || self.counters.running.load(Ordering::Relaxed) > 1
            || self.answered_together.load(Ordering::Relaxed)
    }

    fn write_now(&self) -> bool {
        let outlet = self.outlet.get().and_then(Weak::upgrade);
        outlet.is_some_and(|outlet| outlet.write_now(self))
    }

    /// Says what callers may write through.
    pub(crate) fn set_outlet(&self, outlet: &Arc<impl Outlet + 'static>) {
        let outlet = Arc::downgrade(outlet);
        // A wire has one task, and that has one stream.
        let _ = self.outlet.set(outlet);
    }

    /// Wakes the wire's task.
    pub(crate) fn wake(&self) {
        let waker = lock(&self.driver).clone();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Says what wakes the wire's task.
    pub(crate) fn set_driver(&self, waker: &Waker) {
        let mut driver = lock(&self.driver);
        match &mut *driver {
            Some(known) => known.clone_from(waker),
            None => *driver = Some(waker.clone()),
        }
    }
}

impl State {
    /// Whether what is buffered is to be given to the stream, or a caller's write was cut short.
    pub(crate) fn output_is_due(&mut self, handled: bool, limits: &Limits) -> bool {
        let untaken = self.out.untaken();
        let asked = match self.phase {
            Phase::Open => handled || self.flush || untaken >= limits.high_water,
            Phase::Closing | Phase::PeerGone(_) => true,
            // Calls that were told they have not run must not go out.
            Phase::Ended(_) => return false,
        };
        self.flush &= untaken > 0;
        asked && untaken > 0 || self.out.in_flight() > 0
    }

    /// Whether so much is buffered that it should go, and nobody sees to that yet.
    pub(crate) fn overflows(&self, limits: &Limits) -> bool {
        self.out.untaken() >= limits.high_water
            && !self.flush
            && !matches!(self.writer, Writer::Task)
    }
}
