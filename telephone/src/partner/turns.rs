//! `Turns`: waiting long by questions that each wait a while.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// The turns of one who waits, until patience is at its end.
pub(super) struct Turns {
    end: Instant,
    begun: Option<Instant>,
}

impl Turns {
    pub(super) fn new(patience: Duration) -> Self {
        Self { end: Instant::now() + patience.min(YEAR), begun: None }
    }

    /// How long the next question may wait. It rests before all but the first: a partner may let
    /// nobody wait so long, or be about to end.
    pub(super) async fn next(&mut self) -> Duration {
        if let Some(begun) = self.begun {
            sleep_until((begun + REST).min(self.end)).await;
        }
        self.begun = Some(Instant::now());
        self.left().min(TURN)
    }

    pub(super) fn left(&self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }
}

/// How long one question waits. A server lets it wait for 30 s, and what stands between might let
/// a silent connection live as little.
pub(super) const TURN: Duration = Duration::from_secs(20);
/// From one question to the next at least.
const REST: Duration = Duration::from_millis(100);
/// An instant much later may be none that the clock has.
const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
