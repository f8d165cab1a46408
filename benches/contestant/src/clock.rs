//! The clocks of a measurement.

use std::time::Instant;

use rustix::time::{ClockId, clock_gettime};

/// Nanoseconds that this process has spent on CPUs, in all its threads, in and out of the kernel.
pub(crate) fn cpu() -> u64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// What has passed, by both clocks.
pub(crate) struct Stopwatch {
    start: Instant,
    cpu: u64,
}

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self { cpu: cpu(), start: Instant::now() }
    }

    pub(crate) fn nanoseconds(&self) -> u64 {
        self.start.elapsed().as_nanos() as u64
    }

    pub(crate) fn cpu_nanoseconds(&self) -> u64 {
        cpu() - self.cpu
    }
}
