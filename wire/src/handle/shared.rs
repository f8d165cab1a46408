//! What the handles of one wire share with its task.

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::task::Waker;
use std::time::Duration;

use slab::Slab;
use tokio::sync::Notify;

use crate::by_type::ByType;
use crate::codec::Text;
use crate::handle::contain::contain;
use crate::handle::error::WireError;
use crate::handle::flush::{Outlet, Writer};
use crate::handle::imports::Imports;
use crate::handle::peer::Peer;
use crate::handle::running::{self, Doing};
use crate::handle::slot::Deliver;
use crate::limits::Limits;
use crate::session::{Outbound, Ran};

/// One wire, as its handles and its task see it.
///
/// Locks: `state` is held while output is appended, by whoever appends; the others for a few
/// instructions, alone or under `state`, and no lock is taken under them.
pub(crate) struct Shared {
    pub(crate) state: Mutex<State>,
    pub(crate) imports: Imports,
    pub(crate) peer: Peer,
    /// The same ones for all wires of a builder, which memory and caches hold once.
    pub(crate) limits: Arc<Limits>,
    pub(crate) text: Text,
    /// How many handles there are, the task's own one included.
    pub(crate) handles: AtomicUsize,
    /// Whether the wire goes on for its peer's sake when no handle is left.
    pub(crate) serves: bool,
    /// Whether this side speaks the classic dialect, whatever the peer says that it reads.
    pub(crate) classic: bool,
    pub(crate) counters: Counters,
    /// Told when the peer has said what it reads, and at the end.
    pub(crate) greeting: Notify,
    own: Mutex<ByType>,
    /// Whether there may be any: most wires have none, and each call of a function with a state asks.
    has_own: AtomicBool,
    on_death: Mutex<Vec<DeathHook>>,
    /// What wakes the wire's task.
    pub(super) driver: Mutex<Option<Waker>>,
    /// What callers write through. The task has the stream, which goes with it.
    pub(super) outlet: OnceLock<Weak<dyn Outlet>>,
    /// The last answers that came woke more than one who waited. A guess is all that is made of it.
    pub(crate) answered_together: AtomicBool,
    /// How many octets the stream has not accepted yet, for a look without the lock.
    pub(crate) buffered: Arc<AtomicUsize>,
    /// No handle is left; the task should close the wire.
    abandoned: AtomicBool,
    /// Whether the phase is `Ended`, for a look without the lock.
    pub(crate) ended: AtomicBool,
}

type DeathHook = Box<dyn FnOnce(&WireError) + Send>;

/// What is under the lock.
pub(crate) struct State {
    pub(crate) out: Outbound<Arc<dyn Deliver>>,
    pub(crate) phase: Phase,
    /// How long a closed wire waits for the answers that either side is owed.
    pub(crate) close_grace: Duration,
    /// The function that holds the input, behind what it reads of which every answer stands.
    pub(crate) lent_to: Option<&'static str>,
    /// Output is to be written even if it is little.
    pub(crate) flush: bool,
    /// Who writes what is to go now. Only the wire's task says so.
    pub(crate) writer: Writer,
    /// Who waits for the socket to have accepted so many octets, or, with `u64::MAX`, for the end.
    pub(crate) watchers: Slab<(u64, Waker)>,
}

/// How far a wire's life has come.
#[derive(Clone, Debug)]
pub(crate) enum Phase {
    /// Calls go both ways.
    Open,
    /// This side closed: no new calls; what is owed is still delivered.
    Closing,
    /// The peer's end of the stream is closed, or nobody can tell any more what comes of it: our
    /// answers may still go out.
    PeerGone(WireError),
    /// Over. What the task has not noticed yet, it finds here.
    Ended(WireError),
}

/// What is counted outside of the lock.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) octets_in: AtomicU64,
    pub(crate) reads_awake: AtomicU64,
    pub(crate) calls_in: AtomicU64,
    pub(crate) answers_in: AtomicU64,
    pub(crate) refused_in: AtomicU64,
    pub(crate) running: AtomicUsize,
}

impl Counters {
    /// Counts one more. Only the wire's task writes these, so they need no order.
    pub(crate) fn add(counter: &AtomicU64, count: u64) {
        counter.store(counter.load(Ordering::Relaxed).wrapping_add(count), Ordering::Relaxed);
    }
}

/// What a new wire is made of.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) peer: Peer,
    pub(crate) limits: Arc<Limits>,
    pub(crate) text: Text,
    pub(crate) close_grace: Duration,
    pub(crate) serves: bool,
    pub(crate) classic: bool,
}

impl Shared {
    pub(crate) fn new(parts: Parts) -> Arc<Self> {
        let out = Outbound::new(&parts.limits, parts.text);
        let buffered = out.buffered_now();
        Arc::new_cyclic(|weak| Self {
            state: Mutex::new(State {
                out,
                phase: Phase::Open,
                close_grace: parts.close_grace,
                lent_to: None,
                flush: false,
                writer: Writer::Task,
                watchers: Slab::new(),
            }),
            imports: Imports::new(weak.clone()),
            peer: parts.peer,
            limits: parts.limits,
            text: parts.text,
            handles: AtomicUsize::new(0),
            serves: parts.serves,
            classic: parts.classic,
            counters: Counters::default(),
            greeting: Notify::new(),
            own: Mutex::default(),
            has_own: AtomicBool::new(false),
            on_death: Mutex::new(Vec::new()),
            driver: Mutex::new(None),
            outlet: OnceLock::new(),
            answered_together: AtomicBool::new(false),
            buffered,
            abandoned: AtomicBool::new(false),
            ended: AtomicBool::new(false),
        })
    }

    /// The state, locked.
    ///
    /// # Panics
    /// Inside of somebody's `to_wire`, which runs while a wire is locked: a panic there is an error
    /// of that call, a second lock would be the end of the thread.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        let Some(state) = self.lock_to_call() else {
            panic!("a wire was used inside of `to_wire`");
        };
        state
    }

    /// The state, locked, for those who have an error to give where it cannot be.
    #[inline]
    pub(crate) fn lock_to_call(&self) -> Option<MutexGuard<'_, State>> {
        if running::now() == Doing::Encoding {
            return None;
        }
        // Code of users runs under the lock only in drafts, which undo what they leave.
        Some(self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// No handle is left.
    pub(crate) fn abandon(&self) {
        self.abandoned.store(true, Ordering::Release);
        self.wake();
    }

    pub(crate) fn is_abandoned(&self) -> bool {
        self.abandoned.load(Ordering::Acquire)
    }

    /// Why the wire takes no more calls, if it does not.
    pub(crate) fn over(&self) -> Option<WireError> {
        self.lock().over()
    }

    /// Ends the wire: every waiting call is told, then the hooks are, then everything that the wire
    /// kept is dropped. What comes second does nothing.
    pub(crate) fn end(&self, why: WireError) {
        let (waiting, watchers, exports) = {
            let mut state = self.lock();
            if matches!(state.phase, Phase::Ended(_)) {
                return;
            }
            state.phase = Phase::Ended(why.clone());
            self.ended.store(true, Ordering::Release);
            let watchers = std::mem::take(&mut state.watchers);
            (state.take_waiting(), watchers, state.out.exports.take())
        };
        for (waiter, ran) in waiting {
            waiter.ended(why.clone(), ran);
        }
        // Hooks run, and values of users are dropped, outside of any lock, and each may panic without
        // keeping the others from it.
        for hook in std::mem::take(&mut *lock(&self.on_death)) {
            run(hook, &why);
        }
        let own = std::mem::take(&mut *lock(&self.own));
        for value in own.into_values() {
            contain(|| drop(value));
        }
        for export in exports.into_values() {
            contain(|| drop(export));
        }
        self.greeting.notify_one();
        for (_, (_, waker)) in watchers {
            waker.wake();
        }
        self.wake();
    }

    /// Runs `hook` when the wire has ended, at once if it has.
    pub(crate) fn on_death(&self, hook: DeathHook) {
        let why = {
            let state = self.lock();
            match &state.phase {
                Phase::Ended(why) => why.clone(),
                _ => {
                    lock(&self.on_death).push(hook);
                    return;
                }
            }
        };
        run(hook, &why);
    }

    /// Keeps a value of the wire's own.
    pub(crate) fn insert(&self, id: TypeId, value: Arc<dyn Any + Send + Sync>) {
        let state = self.lock();
        if matches!(state.phase, Phase::Ended(_)) {
            drop(state);
            drop(value);
            return;
        }
        let before = lock(&self.own).insert(id, value);
        self.has_own.store(true, Ordering::Release);
        drop(state);
        drop(before);
    }

    /// A value of the wire's own.
    #[inline]
    pub(crate) fn own(&self, id: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        if self.has_own.load(Ordering::Acquire) { self.look_own(id) } else { None }
    }

    fn look_own(&self, id: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        lock(&self.own).get(&id).cloned()
    }

    /// Takes a value of the wire's own out.
    pub(crate) fn remove(&self, id: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        lock(&self.own).remove(&id)
    }
}

impl State {
    /// Why no more calls are taken, if they are not.
    #[inline]
    pub(crate) fn over(&self) -> Option<WireError> {
        match &self.phase {
            Phase::Open => None,
            Phase::Closing => Some(WireError::Closed),
            Phase::PeerGone(why) | Phase::Ended(why) => Some(why.clone()),
        }
    }

    /// Takes out every waiting call, and says whether it may have run.
    pub(crate) fn take_waiting(&mut self) -> Vec<(Arc<dyn Deliver>, Ran)> {
        let all = self.out.take_all_waits();
        all.into_iter()
            .map(|entry| {
                let ran = if self.out.may_have_run(&entry) { Ran::Maybe } else { Ran::No };
                (entry.waiter, ran)
            })
            .collect()
    }

    /// Those who waited for what has been accepted by now.
    pub(crate) fn reached(&self) -> Vec<Waker> {
        if self.watchers.is_empty() {
            return Vec::new();
        }
        let accepted = self.out.accepted_total();
        let reached = self.watchers.iter().filter(|(_, (target, _))| *target <= accepted);
        // The watcher itself takes its entry out, when it is polled or dropped.
        reached.map(|(_, (_, waker))| waker.clone()).collect()
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("peer", &self.peer).finish_non_exhaustive()
    }
}

/// Runs one hook. Its panic is nobody else's: the other hooks still run.
fn run(hook: DeathHook, why: &WireError) {
    if contain(|| hook(why)).is_none() {
        tracing::error!(%why, "an on-death hook panicked");
    }
}

/// A lock under which no code of users runs, so that a poisoned one is still whole.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
