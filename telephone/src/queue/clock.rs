//! What a queue takes for the time of day.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;

/// Where a queue reads the time that it writes down, in milliseconds.
///
/// Retention and expiry go by it. Waiting does not: timers and time limits are the runtime's.
///
/// ```
/// use std::time::Duration;
/// use telephone::queue::Clock;
///
/// let clock = Clock::by_hand("2026-11-22T08:00:00Z".parse()?);
/// clock.advance(Duration::from_secs(60));
/// assert_eq!(clock.now(), "2026-11-22T08:01:00Z".parse()?);
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone)]
pub struct Clock(Hands);

#[derive(Clone)]
enum Hands {
    System,
    ByHand(Arc<AtomicI64>),
}

impl Clock {
    /// The system's.
    pub fn system() -> Self {
        Self(Hands::System)
    }

    /// One that stands still until it is moved; its clones move with it.
    pub fn by_hand(start: Timestamp) -> Self {
        Self(Hands::ByHand(Arc::new(AtomicI64::new(start.as_millisecond()))))
    }

    /// Moves one that goes by hand. The system's is left as it is.
    pub fn advance(&self, by: Duration) {
        if let Hands::ByHand(now) = &self.0 {
            let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
            let then = now.load(Ordering::SeqCst).saturating_add(by);
            now.store(then, Ordering::SeqCst);
        }
    }

    /// The time, to the millisecond.
    pub fn now(&self) -> Timestamp {
        timestamp(self.now_ms())
    }

    pub(super) fn now_ms(&self) -> i64 {
        match &self.0 {
            Hands::System => Timestamp::now().as_millisecond(),
            Hands::ByHand(now) => now.load(Ordering::SeqCst),
        }
    }
}

/// The nearest time that can be told.
pub(super) fn timestamp(ms: i64) -> Timestamp {
    let nearest = if ms < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_millisecond(ms).unwrap_or(nearest)
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.0 {
            Hands::System => "system",
            Hands::ByHand(_) => "by hand",
        };
        write!(f, "Clock({kind}, {})", self.now())
    }
}
