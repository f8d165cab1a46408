//! Those whose answers have come.

use std::task::Waker;

/// Wakes who waits for the answers of one read together, when all of them have been delivered.
///
/// Woken one by one, they would run on another thread meanwhile and wait for the wire's lock at
/// each further call, and a task that awaits many answers would be woken for each.
#[derive(Default)]
pub(crate) struct Woken {
    due: Vec<Waker>,
    /// How many were woken since that was last asked.
    count: usize,
}

impl Woken {
    pub(crate) fn extend(&mut self, waker: Option<Waker>) {
        self.due.extend(waker);
    }

    #[inline]
    pub(crate) fn wake(&mut self) {
        if !self.due.is_empty() {
            self.wake_all();
        }
    }

    fn wake_all(&mut self) {
        self.count += self.due.len();
        for waker in self.due.drain(..) {
            waker.wake();
        }
    }

    /// How many were woken since this was last asked.
    pub(crate) fn take_count(&mut self) -> usize {
        std::mem::take(&mut self.count)
    }
}

/// A task that panics has delivered all the same.
impl Drop for Woken {
    fn drop(&mut self) {
        self.wake();
    }
}
