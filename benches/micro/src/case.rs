//! What is measured, and how.

use std::time::{Duration, Instant};

use crate::ALLOCATOR;

pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// How often one batch does it.
    pub(crate) times: u64,
    /// What a batch needs beforehand.
    pub(crate) before: Box<dyn FnMut()>,
    pub(crate) batch: Box<dyn FnMut()>,
}

/// Of doing it once.
pub(crate) struct Cost {
    pub(crate) nanoseconds: f64,
    pub(crate) allocations: f64,
}

/// Enough for batches that nothing disturbed, on a machine that does other things as well.
const WHILE: Duration = Duration::from_millis(400);

impl Case {
    /// A case that needs nothing beforehand.
    pub(crate) fn new(name: &'static str, times: u64, batch: impl FnMut() + 'static) -> Self {
        Self { name, times, before: Box::new(|| ()), batch: Box::new(batch) }
    }

    pub(crate) fn after(self, before: impl FnMut() + 'static) -> Self {
        Self { before: Box::new(before), ..self }
    }

    /// Of the fastest batch, and of the one that allocated least: what the first batches set up
    /// is not the steady state.
    pub(crate) fn cost(&mut self) -> Cost {
        let (mut fastest, mut least) = (Duration::MAX, usize::MAX);
        let began = Instant::now();
        while began.elapsed() < WHILE {
            (self.before)();
            let allocated = allocations();
            fastest = fastest.min(measured(&mut self.batch));
            least = least.min(allocations() - allocated);
        }
        let times = self.times as f64;
        Cost { nanoseconds: fastest.as_nanos() as f64 / times, allocations: least as f64 / times }
    }
}

/// Times a batch, under a name that callgrind can be told.
#[inline(never)]
pub(crate) fn measured(batch: &mut dyn FnMut()) -> Duration {
    let start = Instant::now();
    batch();
    start.elapsed()
}

/// Allocations so far, with those that only grew.
fn allocations() -> usize {
    let stats = ALLOCATOR.stats();
    stats.allocations + stats.reallocations
}
