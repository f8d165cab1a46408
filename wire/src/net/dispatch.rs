//! What is done with each event: calls are run, answers delivered, refusals told.

mod calls;
mod raw;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::Context;

use tokio::task::AbortHandle;

use crate::codec::{Decoder, Hello, Op};
use crate::convert::FromWire;
use crate::function::{FunctionTable, evaluate, refuse, refuse_plan};
use crate::handle::{Counters, Shared, Wire, WireError, contain};
use crate::limits::Limits;
use crate::net::bucket::Bucket;
use crate::net::trees::Trees;
use crate::net::woken::Woken;
use crate::session::{Answer, Event, Plan, SmallEvent, Unwound};

pub(crate) use raw::RawCall;

/// How many objects without effect a peer may send each second for ever.
const IDLE_RATE: f64 = 100.0;

/// Handles the events of one wire.
pub(crate) struct Dispatch {
    table: Arc<FunctionTable>,
    /// Functions by the cache index of their name: after its first use, a name is not looked up.
    resolved: Vec<u32>,
    /// Async calls of the peer that wait, by their id, so that it can cancel them.
    waiting: HashMap<u32, AbortHandle>,
    trees: Trees,
    /// A call of a function that reads what follows: nothing more is read before it has started.
    raw: Option<RawCall>,
    /// What the peer said when it ended the wire on purpose.
    goodbye: Option<String>,
    /// How many more objects without effect the peer may send.
    idle: Bucket,
    /// How many more refusals are logged.
    logs: Bucket,
    /// How many were not, since the last that was.
    unlogged: u64,
    woken: Woken,
}

impl Dispatch {
    pub(crate) fn new(table: Arc<FunctionTable>, limits: &Limits) -> Self {
        Self {
            table,
            resolved: Vec::new(),
            waiting: HashMap::new(),
            trees: Trees::default(),
            raw: None,
            goodbye: None,
            idle: Bucket::new(limits.idle_objects, IDLE_RATE),
            logs: Bucket::new(limits.logged_refusals, limits.logged_refusals.into()),
            unlogged: 0,
            woken: Woken::default(),
        }
    }

    /// Wakes those whose answers have come. Says whether there were several in what was read.
    pub(crate) fn wake(&mut self, shared: &Shared) -> bool {
        self.woken.wake();
        let count = self.woken.take_count();
        if count > 0 {
            shared.answered_together.store(count > 1, Ordering::Relaxed);
        }
        count > 1
    }

    /// Handles a small one.
    #[inline]
    pub(crate) fn small(&mut self, event: SmallEvent<'_>, wire: &Wire) {
        match event {
            SmallEvent::Call(call) => self.small_call(call, wire),
            SmallEvent::Returned(id, values) => {
                self.woken.extend(wire.shared().returned(id, values));
            }
        }
    }

    /// Handles one event.
    pub(crate) fn event(&mut self, event: Event<'_>, wire: &Wire) -> Result<(), WireError> {
        let shared = wire.shared();
        match event {
            Event::Call(call) => self.call(call, wire),
            Event::Nested(plan) => self.plan(plan, wire),
            Event::Object(answer, mut object) => {
                let mut octets = Vec::new();
                // Scanned octets are whole; if not, there is nothing to send back.
                let _ = object.expand(&mut octets);
                self.echo(answer, &octets, wire);
            }
            Event::Nil(answer) => refuse_or(shared, answer),
            Event::Returned(id, values) => self.woken.extend(shared.returned(id, values)),
            Event::Unwound(id, reason) => unwound(shared, id, reason),
            Event::Unanswered(id, refusal) => {
                Counters::add(&shared.counters.refused_in, 1);
                let message = format!("the answer cannot be taken: {refusal}");
                shared.unwound(id, Unwound::new("REFUSED", message));
            }
            Event::Refused(answer, refusal, function) => {
                Counters::add(&shared.counters.refused_in, 1);
                let mut reason = Unwound::new("REFUSED", refusal.to_string()).not_run();
                if let Some(function) = function {
                    self.lose_named(&function, &reason, wire);
                    reason = reason.of_function(function.name.into_owned());
                }
                self.refuse(answer, reason, wire);
            }
            Event::Hello(hello) => {
                heard(shared, &hello);
                return self.idle(shared);
            }
            Event::Release(id, count) => {
                let released = shared.lock().out.exports.release(id, count);
                // It may be the last of a value of users.
                contain(|| drop(released));
            }
            Event::Cancel(id) => {
                if let Some(call) = self.waiting.remove(&id) {
                    call.abort();
                } else {
                    self.trees.cancel(id);
                }
            }
            Event::Ping(cookie) => {
                shared.lock().out.pong(cookie);
            }
            Event::Goodbye(reason) => self.goodbye = Some(reason),
            Event::Expecting => {}
            Event::Idle | Event::Pong => return self.idle(shared),
        }
        // An event may have ended the wire; nothing behind it counts any more.
        Ok(())
    }

    /// Runs a call tree, or a call that was held back.
    pub(crate) fn plan(&mut self, plan: Plan, wire: &Wire) {
        Counters::add(&wire.shared().counters.calls_in, 1);
        // Its functions may take their time.
        self.woken.wake();
        if let Some(number) = self.raw_in(&plan) {
            return self.raw_plan(plan, number, wire);
        }
        if plan.runs_functions() && self.crowded(wire.shared()) {
            return self.refuse_plan(plan, too_many(&wire.shared().limits), wire);
        }
        let id = compact_id(plan.answer);
        let run = evaluate(plan, Arc::clone(&self.table), wire.clone());
        self.trees.start(id, Box::pin(run));
    }

    /// Whether nothing waits here for the wire's task.
    pub(crate) fn is_idle(&self) -> bool {
        self.trees.is_empty() && !self.has_raw()
    }

    /// Drives the call trees that wait.
    pub(crate) fn poll_trees(&mut self, cx: &mut Context<'_>) {
        self.trees.poll(cx);
    }

    /// Tells a caller that its call is not run.
    pub(crate) fn refuse(&mut self, answer: Option<Answer>, reason: Unwound, wire: &Wire) {
        self.log(&reason, wire.shared());
        refuse(wire.shared(), answer, self.table.told(reason));
    }

    /// The same for a call tree.
    pub(crate) fn refuse_plan(&mut self, plan: Plan, reason: Unwound, wire: &Wire) {
        self.log(&reason, wire.shared());
        if let Some(number) = self.raw_in(&plan) {
            self.lose(self.table.definition(number), &reason, wire);
        }
        refuse_plan(&plan, self.table.told(reason), wire.shared());
    }

    /// A value was asked for, and what came is no call: it is its own value.
    pub(crate) fn echo(&mut self, answer: Answer, octets: &[u8], wire: &Wire) {
        let sent = wire.shared().lock().out.answer_octets(answer, octets);
        if sent.is_err() {
            let reason = Unwound::new("NOT-SENDABLE", "the object cannot be sent back");
            self.refuse(Some(answer), reason, wire);
        }
    }

    /// Whether calls of the peer run outside of the wire's own task.
    pub(crate) fn running(&self, shared: &Shared) -> bool {
        shared.counters.running.load(Ordering::Acquire) > 0
    }

    /// Why the wire is over, now that the peer's side of the stream has ended.
    pub(crate) fn why_gone(&self, shared: &Shared) -> WireError {
        match &self.goodbye {
            Some(reason) => WireError::PeerClosed { reason: reason.as_str().into() },
            // One that says goodbye when it closes, and did not, did not close.
            None if shared.lock().out.reads().contains(Op::Goodbye) => WireError::PeerVanished,
            None => WireError::PeerClosed { reason: "".into() },
        }
    }

    /// Logs a refusal, unless the peer has caused too many lines already.
    fn log(&mut self, reason: &Unwound, shared: &Shared) {
        if self.logs.take() {
            let unlogged = std::mem::take(&mut self.unlogged);
            tracing::info!(peer = %shared.peer, %reason, unlogged, "refused a call");
        } else {
            self.unlogged += 1;
        }
    }

    /// Counts an object without effect.
    fn idle(&mut self, shared: &Shared) -> Result<(), WireError> {
        let limit = shared.limits.idle_objects;
        if self.idle.take() { Ok(()) } else { Err(WireError::Flooded { limit }) }
    }

    fn crowded(&self, shared: &Shared) -> bool {
        shared.counters.running.load(Ordering::Relaxed) >= shared.limits.running_calls as usize
    }
}

/// By what the caller may cancel, if it can.
fn compact_id(answer: Option<Answer>) -> Option<u32> {
    match answer {
        Some(Answer::Compact { id, .. }) => Some(id),
        _ => None,
    }
}

fn too_many(limits: &Limits) -> Unwound {
    let limit = limits.running_calls;
    let message = format!("{limit} calls run already, as many as `Limits::running_calls` allows");
    Unwound::new("TOO-MANY-CALLS", message).not_run()
}

fn refuse_or(shared: &Shared, answer: Answer) {
    let sent = shared.lock().out.answer(answer, &());
    if sent.is_err() {
        refuse(shared, Some(answer), Unwound::new("NOT-SENDABLE", "NIL does not fit"));
    }
}

fn unwound(shared: &Shared, id: u32, reason: Option<Decoder<'_>>) {
    let classic = reason.is_none();
    let read = reason.and_then(|mut reason| Unwound::from_wire(&mut reason).ok());
    shared.unwound(id, read.unwrap_or_else(Unwound::unexplained));
    let mut state = shared.lock();
    if classic && state.out.waiting() > 0 && !state.out.reads().contains(Op::Call) {
        // An unmodified CMUCL looks at what it has already read only when more comes.
        let _ = state.out.protocol(&|out| out.integer(0));
        state.flush = true;
    }
}

fn heard(shared: &Shared, hello: &Hello) {
    if shared.classic {
        // As CMUCL: read and dropped. The peer was told nothing, so it could not take our ops.
        return;
    }
    tracing::debug!(peer = %shared.peer, reads = %hello.reads, "the peer said what it reads");
    shared.lock().out.heard(hello);
    shared.greeting.notify_one();
}
