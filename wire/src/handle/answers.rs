//! The end of our calls: answers find those who wait.

use std::sync::Arc;
use std::task::Waker;

use crate::handle::error::WireError;
use crate::handle::shared::{Counters, Shared};
use crate::handle::slot::Deliver;
use crate::session::{Taken, Unwound, Values};

impl Shared {
    /// The peer returned from our call `id`. Gives what wakes the one who waits for it.
    #[must_use = "whoever waits is woken by nothing else"]
    pub(crate) fn returned(&self, id: u32, values: Values<'_>) -> Option<Waker> {
        self.take(id, false)?.returned(values)
    }

    /// The peer unwound past our call `id`.
    pub(crate) fn unwound(&self, id: u32, unwound: Unwound) {
        if let Some(waiter) = self.take(id, true) {
            waiter.unwound(unwound);
        }
    }

    /// Who waits for call `id`. An answer that comes twice finds nobody; one to a call that was
    /// never made is a lie, and ends the wire.
    fn take(&self, id: u32, aborted: bool) -> Option<Arc<dyn Deliver>> {
        Counters::add(&self.counters.answers_in, 1);
        let mut state = self.lock();
        match state.out.take_wait(id) {
            Taken::Waiting(entry) => {
                if aborted {
                    state.out.forget_saved(&entry);
                }
                Some(entry.waiter)
            }
            Taken::Finished => {
                drop(state);
                tracing::debug!(peer = %self.peer, id, "an answer came to a call that had ended");
                None
            }
            Taken::NeverIssued => {
                drop(state);
                self.end(WireError::FalseAnswer { id });
                None
            }
        }
    }
}
