//! Those whose answers have come.

use std::task::Waker;

/// Wakes who waits for the answers of one read together, when all of them have been delivered.
///
/// Woken one by one, they would run on another thread meanwhile and wait for the wire's lock at
/// each further call, and a task that awaits many answers would be woken for each.
#[derive(Default)]
pub(crate) struct Woken(Vec<Waker>);

impl Woken {
    pub(crate) fn extend(&mut self, waker: Option<Waker>) {
        self.0.extend(waker);
    }

    pub(crate) fn wake(&mut self) {
        for waker in self.0.drain(..) {
            waker.wake();
        }
    }
}

/// A task that panics has delivered all the same.
impl Drop for Woken {
    fn drop(&mut self) {
        self.wake();
    }
}
