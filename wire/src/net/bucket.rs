//! A bucket of tokens: how often something may happen.

use tokio::time::Instant;

/// Full at first; each [`take`](Self::take) costs one of what it holds, and time fills it again.
pub(crate) struct Bucket {
    most: f64,
    /// How much each second brings.
    rate: f64,
    /// 0 <= left <= most
    left: f64,
    since: Option<Instant>,
}

impl Bucket {
    pub(crate) fn new(most: u32, rate: f64) -> Self {
        Self { most: f64::from(most), rate, left: f64::from(most), since: None }
    }

    /// Whether there was one left.
    pub(crate) fn take(&mut self) -> bool {
        let now = Instant::now();
        if let Some(since) = self.since.replace(now) {
            let refilled = self.left + (now - since).as_secs_f64() * self.rate;
            self.left = refilled.min(self.most);
        }
        if self.left < 1.0 {
            return false;
        }
        self.left -= 1.0;
        true
    }
}
