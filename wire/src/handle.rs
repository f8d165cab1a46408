//! `Wire`, what users hold: calls go in here, and their values come out.

mod answers;
mod call;
mod contain;
mod data;
mod error;
mod flush;
mod imports;
mod outcome;
mod peer;
mod pending;
mod running;
mod shared;
mod slot;
mod stats;
mod watch;
mod weak;

use std::any::{Any, TypeId};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

pub(crate) use contain::{contain, discard};
pub use error::{CallError, WireError};
pub(crate) use flush::{Look, Outlet};
pub use outcome::{Binding, Bound, OrElse, Outcome, PendingOutcome, PendingValue};
pub use peer::Peer;
pub use pending::Pending;
pub(crate) use running::{Doing, enter};
pub(crate) use shared::{Counters, Parts, Phase, Shared, State};
pub use stats::Stats;
pub use watch::{Closed, Forced};
pub use weak::WeakWire;

use crate::codec::Op;
use crate::session::LeftoverCalls;
use crate::token::Token;

/// A persistent, bidirectional connection to another process, in which both sides call functions.
///
/// A `Wire` is a cheap handle: cloning it counts, all clones are one wire, and wires are compared
/// and hashed as such. Calls are appended to a buffer, which goes out when somebody
/// [forces it](Self::force_output), waits for a value, or has buffered more than
/// [`Limits::high_water`](crate::Limits::high_water). The macros [`remote!`](crate::remote),
/// [`remote_value!`](crate::remote_value) and [`remote_value_bind!`](crate::remote_value_bind) are
/// the way to call; the methods below them take computed names.
///
/// A wire lives until it is closed, aborted, or its stream ends. Dropping the last handle of a wire
/// that offers no functions closes it, with everything buffered sent; one that offers functions
/// goes on serving until its peer ends it.
///
/// CMUCL: a `wire` and what `connect-to-remote-server` returns.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use wire::{Wire, functions, remote, remote_fn, remote_value};
///
/// #[remote_fn]
/// fn add(a: i64, b: i64) -> i64 {
///     a + b
/// }
///
/// let (here, there) = Wire::pair(functions![add], functions![add])?;
/// assert_eq!(remote_value!(here, add(2, 3) -> i64).value().await?, 5);
/// assert_eq!(remote_value!(there, add(4, 5) -> i64).value().await?, 9); // both ends call
/// # Ok(())
/// # }
/// ```
pub struct Wire {
    shared: Arc<Shared>,
    timeout: Option<Duration>,
    leftover_calls: LeftoverCalls,
}

impl Wire {
    /// A handle of its own kind for the wire's task and everybody else.
    pub(crate) fn of(shared: &Arc<Shared>) -> Self {
        shared.handles.fetch_add(1, Ordering::Relaxed);
        Self { shared: Arc::clone(shared), timeout: None, leftover_calls: LeftoverCalls::Refused }
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// A handle of the same wire whose calls fail with [`CallError::TimedOut`] when no answer came
    /// within `after`. Other handles are not affected; clones of this one are.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    /// use wire::{CallError, Ran, Wire, functions, remote_fn, remote_value};
    ///
    /// #[remote_fn]
    /// async fn never() {
    ///     std::future::pending().await
    /// }
    ///
    /// let (here, _there) = Wire::pair(functions![], functions![never])?;
    /// let hasty = here.timeout(Duration::from_millis(20));
    /// let error = remote_value!(hasty, never() -> ()).await.unwrap_err();
    /// assert!(matches!(error, CallError::TimedOut { ran: Ran::Maybe, .. }));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn timeout(&self, after: Duration) -> Self {
        let mut handle = self.clone();
        handle.timeout = Some(after);
        handle
    }

    /// A handle of the same wire that lets several calls stand among the arguments of one also
    /// where the peer is of the classic dialect. Other handles are not affected; clones of this
    /// one are.
    ///
    /// An unmodified CMUCL runs such calls while it reads them. If it unwinds in one, what is left
    /// of the arguments is still to be read, and it runs the calls among that as calls of their
    /// own: of `add(@bail(), @note(666))` the value is lost, and `note` runs all the same. So a
    /// second call among the arguments is refused
    /// ([`Unsendable::LeftoverCall`](crate::Unsendable::LeftoverCall)), unless it is asked for by
    /// this word: where the calls cannot unwind, or may run although another has, or the peer is
    /// known to be none such. One call in each list of arguments, to any depth, leaves nothing
    /// behind it. To a peer of the extended dialect any number goes, by every handle.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use wire::{CallError, Call, Ran, Symbol, Wire, functions, remote_fn};
    ///
    /// #[remote_fn]
    /// fn add(a: i64, b: i64) -> i64 {
    ///     a + b
    /// }
    ///
    /// let peer = Wire::builder().functions(functions![add]);
    /// let (here, _there) = Wire::builder().classic().pair(peer)?;
    /// let add = Symbol::read("add")?;
    /// let three = Call::new(&add, &[&1, &2]);
    /// let error = here.call::<i64>(&add, &[&three, &three]).value().await.unwrap_err();
    /// assert!(matches!(error, CallError::Unsendable { argument: Some(1), .. }));
    /// assert_eq!(error.ran(), Ran::No);
    ///
    /// let here = here.allow_leftover_calls(); // adding does not unwind
    /// assert_eq!(here.call::<i64>(&add, &[&three, &three]).value().await?, 6);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn allow_leftover_calls(&self) -> Self {
        let mut handle = self.clone();
        handle.leftover_calls = LeftoverCalls::Allowed;
        handle
    }

    /// Keeps a value of the wire's own, found again by its type: by [`get`](Self::get), and by
    /// functions that take `&T` first. It replaces one of the same type, and is dropped when the
    /// wire ends.
    pub fn insert<T: Any + Send + Sync>(&self, value: T) {
        self.shared.insert(TypeId::of::<T>(), Arc::new(value));
    }

    /// The wire's own `T`.
    #[inline]
    pub fn get<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        self.shared.own(TypeId::of::<T>())?.downcast().ok()
    }

    /// Takes the wire's own `T` out.
    pub fn remove<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        self.shared.remove(TypeId::of::<T>())?.downcast().ok()
    }

    /// Runs `hook` once, after the wire has ended and every waiting call was told; at once if it
    /// has ended already. It runs on the wire's task, or within
    /// [`abort`](Self::abort): it must not block, nor take a lock that is held around an `abort`.
    pub fn on_death(&self, hook: impl FnOnce(&WireError) + Send + 'static) {
        self.shared.on_death(Box::new(hook));
    }

    /// Who is at the other end.
    pub fn peer(&self) -> &Peer {
        &self.shared.peer
    }

    /// Whether the peer speaks the extended dialect, as far as it has said.
    pub fn is_extended(&self) -> bool {
        self.shared.lock().out.reads().contains(Op::Call)
    }

    /// Whether the wire takes calls: it was neither closed nor has it ended.
    pub fn is_open(&self) -> bool {
        self.shared.over().is_none()
    }

    /// What this wire has done and holds.
    pub fn stats(&self) -> Stats {
        Stats::of(&self.shared)
    }

    /// The tokens of our objects that the peer holds.
    pub fn exported_objects(&self) -> Vec<Token> {
        self.shared.lock().out.exports.tokens()
    }

    /// The tokens of the peer's objects that this side holds.
    pub fn imported_objects(&self) -> Vec<Token> {
        self.shared.imports.held()
    }

    /// A handle that keeps nothing: the wire may close when only such handles are left.
    pub fn downgrade(&self) -> WeakWire {
        WeakWire::of(&self.shared)
    }
}

impl Clone for Wire {
    fn clone(&self) -> Self {
        self.shared.handles.fetch_add(1, Ordering::Relaxed);
        Self { shared: Arc::clone(&self.shared), ..*self }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        // The task's own handle is always the last.
        if self.shared.handles.fetch_sub(1, Ordering::AcqRel) == 2 && !self.shared.serves {
            self.shared.abandon();
        }
    }
}

impl PartialEq for Wire {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }
}

impl Eq for Wire {}

impl Hash for Wire {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.shared).hash(state);
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wire({})", self.shared.peer)
    }
}
