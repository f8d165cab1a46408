//! The objects of the peer that this side holds.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crate::codec::{Op, Tokens};
use crate::handle::shared::{Shared, State};
use crate::object::{self, Remote};
use crate::session;
use crate::token::Token;

/// Counts how often each token of the peer was received, and tells when its last handle is gone.
///
/// The release names that count, and the owner subtracts it from how often it has sent the token:
/// so a release never overtakes a token that is on its way again.
#[derive(Debug)]
pub(crate) struct Imports {
    table: Mutex<Table>,
    /// Whether there is anything to release, so that calls need not lock the table to know.
    any_released: AtomicBool,
    /// Whether tokens were counted in the object that is being handled.
    any_counted: AtomicBool,
    wire: Weak<Shared>,
}

#[derive(Debug, Default)]
struct Table {
    held: HashMap<Token, Import>,
    /// Tokens whose last handle is gone, with their counts. Told to the peer before the next call,
    /// or by the wire's task: a handle may be dropped anywhere, also where no output may be
    /// appended.
    released: Vec<(Token, u32)>,
    /// Tokens counted in the object that is being handled.
    counted: Vec<Token>,
}

#[derive(Debug, Default)]
struct Import {
    received: u32,
    /// The token stands in a saved object, from which it may be read again at any time.
    saved: bool,
    handle: Weak<ImportHold>,
}

/// What every handle of one foreign object on one wire shares.
#[derive(Debug)]
struct ImportHold {
    token: Token,
    wire: Weak<Shared>,
}

impl Drop for ImportHold {
    fn drop(&mut self) {
        let Some(wire) = self.wire.upgrade() else {
            return;
        };
        if wire.imports.let_go(self.token) {
            wire.wake();
        }
    }
}

impl Imports {
    pub(crate) fn new(wire: Weak<Shared>) -> Self {
        Self {
            table: Mutex::default(),
            any_released: AtomicBool::new(false),
            any_counted: AtomicBool::new(false),
            wire,
        }
    }

    /// The object with the counted tokens was handled: those that nobody kept are let go.
    pub(crate) fn settle(&self) {
        // Only the wire's task counts and settles, so the flag needs no order.
        if !self.any_counted.load(Ordering::Relaxed) {
            return;
        }
        self.any_counted.store(false, Ordering::Relaxed);
        while let Some(token) = self.counted() {
            self.let_go(token);
        }
    }

    fn counted(&self) -> Option<Token> {
        self.lock().counted.pop()
    }

    /// Has a token without handles released. Says whether it had none.
    fn let_go(&self, token: Token) -> bool {
        let released = self.lock().let_go(token);
        if released {
            self.any_released.store(true, Ordering::Release);
        }
        released
    }

    /// The tokens to release, and how often each was received.
    fn take_released(&self) -> Vec<(Token, u32)> {
        self.any_released.store(false, Ordering::Relaxed);
        std::mem::take(&mut self.lock().released)
    }

    /// The peer's objects that this side holds.
    pub(crate) fn held(&self) -> Vec<Token> {
        let table = self.lock();
        let live = table.held.iter().filter(|(_, import)| import.handle.strong_count() > 0);
        live.map(|(token, _)| *token).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        // No code of users runs under this lock.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    /// Tells the peer, in this turn of the wire's task, what nobody here holds any more.
    pub(crate) fn release_imports(&self) {
        if self.imports.any_released.load(Ordering::Relaxed) {
            let mut state = self.lock();
            state.release(&self.imports);
            state.flush = true;
        }
    }
}

impl State {
    /// Tells the peer which of its objects nobody here holds any more.
    #[inline]
    pub(crate) fn release(&mut self, imports: &Imports) {
        if imports.any_released.load(Ordering::Relaxed) {
            self.release_all(imports);
        }
    }

    fn release_all(&mut self, imports: &Imports) {
        for (token, count) in imports.take_released() {
            if self.out.reads().contains(Op::Release) {
                // Nothing of it can be refused by the encoder.
                let _ = self.out.protocol(&|out| out.release(token.id(), count));
            }
        }
    }
}

impl session::Imports for Imports {
    fn count(&self, token: Token, saved: bool) {
        if token.is_local() {
            return;
        }
        let mut table = self.lock();
        let import = table.held.entry(token).or_default();
        import.received = import.received.saturating_add(1);
        import.saved |= saved;
        table.counted.push(token);
        self.any_counted.store(true, Ordering::Relaxed);
    }

    fn tokens(&self) -> &dyn Tokens {
        self
    }
}

impl Tokens for Imports {
    fn received(&self, token: Token) -> Remote {
        if token.is_local() {
            return self.own(token);
        }
        let mut table = self.lock();
        let import = table.held.entry(token).or_default();
        let handle = import.handle.upgrade().unwrap_or_else(|| {
            let hold = Arc::new(ImportHold { token, wire: self.wire.clone() });
            import.handle = Arc::downgrade(&hold);
            hold
        });
        drop(table);
        Remote::with_hold(token, Some(handle))
    }
}

impl Imports {
    /// One of our own objects, named by the peer: usable if it was given to this peer, or to all.
    fn own(&self, token: Token) -> Remote {
        let wire = self.wire.upgrade();
        let given = wire.is_some_and(|wire| wire.lock().out.exports.contains(token));
        if !given && !object::is_shared(token) {
            return Remote::denied(token);
        }
        Remote::with_hold(token, object::hold(token).map(|hold| hold as _))
    }
}

impl Table {
    /// Moves a token without handles to the released ones. Says whether it did.
    fn let_go(&mut self, token: Token) -> bool {
        let Some(import) = self.held.get(&token) else {
            return false;
        };
        // One that was counted and not settled yet may be about to get a handle.
        let held = import.saved || import.handle.strong_count() > 0;
        if held || self.counted.contains(&token) {
            return false;
        }
        let received = import.received;
        self.held.remove(&token);
        self.released.push((token, received));
        true
    }
}
