//! What the current thread is in the middle of, where waiting would be waiting for ourselves.

use std::cell::Cell;

thread_local! {
    static NOW: Cell<Doing> = const { Cell::new(Doing::Anything) };
}

/// What a thread does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Doing {
    /// Nothing that concerns us.
    Anything,
    /// It runs a function on a wire's task: blocking would keep the answer from being read.
    Function,
    /// It holds a wire's lock and runs somebody's `to_wire`.
    Encoding,
}

/// What this thread does.
pub(crate) fn now() -> Doing {
    NOW.get()
}

/// Says what this thread does until the guard is dropped.
pub(crate) fn enter(doing: Doing) -> Entered {
    Entered(NOW.replace(doing))
}

/// Restores what the thread did before, also when a panic unwinds.
#[derive(Debug)]
pub(crate) struct Entered(Doing);

impl Drop for Entered {
    fn drop(&mut self) {
        NOW.set(self.0);
    }
}
