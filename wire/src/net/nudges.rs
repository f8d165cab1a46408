//! What a silent classic peer is sent, so that it goes on.
//!
//! A CMUCL that has unwound leaves what it has read already until more octets come; any object is
//! enough for that. If it unwound from a value that it cannot send, it keeps the answer that it had
//! begun until it has something else to write, which then stands in that value's place: only a
//! question brings that out, and where more than the value is missing, only several.

use std::time::Duration;

use tokio::time::Instant;

use crate::handle::Shared;

/// The first and the last pause before a silent peer is sent something.
const PAUSE: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(5));

/// When a classic peer is sent what has no effect.
pub(crate) struct Nudges {
    pause: Duration,
    due: Option<Instant>,
    /// Our calls, our answers, and our calls that wait, when these were last looked at.
    traffic: (u64, u64, usize),
    /// Whether something was read since.
    heard: bool,
}

impl Default for Nudges {
    fn default() -> Self {
        Self { pause: PAUSE.0, due: None, traffic: (0, 0, 0), heard: false }
    }
}

impl Nudges {
    /// Something was read: a silence begins anew. The pauses do not, since it may have been the
    /// answer to a question of ours.
    pub(crate) fn heard(&mut self) {
        self.heard = true;
        self.due = None;
    }

    /// Sends what is due, while a call of ours waits or the peer has left an object unfinished.
    /// Gives the time at which something will be.
    pub(crate) fn check(
        &mut self,
        now: Instant,
        partial: bool,
        shared: &Shared,
    ) -> Option<Instant> {
        let mut state = shared.lock();
        let traffic = (state.out.calls(), state.out.answers(), state.out.waiting());
        // What was read and finishes nothing stands in the place of something that is missing.
        let swallowed = std::mem::take(&mut self.heard) && partial;
        if traffic != self.traffic || swallowed {
            self.traffic = traffic;
            self.pause = PAUSE.0;
            self.due = None;
        }
        if state.out.waiting() == 0 && !partial {
            self.due = None;
            return None;
        }
        let due = *self.due.get_or_insert(now + self.pause);
        if due > now {
            return Some(due);
        }
        // Neither can be refused by the encoder.
        let _ = if self.pause == PAUSE.0 && !partial {
            state.out.protocol(&|out| out.integer(0))
        } else {
            state.out.probe()
        };
        state.flush = true;
        drop(state);
        // This turn's writing is over.
        shared.wake();
        self.pause = (self.pause * 2).min(PAUSE.1);
        self.due = Some(now + self.pause);
        self.due
    }
}
