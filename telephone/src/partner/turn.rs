//! Waiting in turns: how long in all, and what lies between.

use std::time::Duration;

use tokio::time::Instant;

/// When patience is at its end.
pub(super) fn end_of(patience: Duration) -> Instant {
    Instant::now() + patience.min(YEAR)
}

/// From one question to the next at least, where a partner lets nobody wait so long, or is about
/// to end.
pub(super) const REST: Duration = Duration::from_millis(100);

/// An instant much later may be none that the clock has.
const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
