//! What one wire has done and holds.

use std::sync::atomic::Ordering;

use crate::handle::shared::Shared;

/// Figures of one wire, at one moment; made by [`Wire::stats`](crate::Wire::stats).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use wire::{Wire, functions, remote};
///
/// let (here, there) = Wire::pair(functions![], functions![])?;
/// remote!(here, note(1), note(2))?;
/// assert_eq!(here.stats().calls_sent, 2);
/// assert!(here.stats().octets_buffered > 0);
/// here.sync().await?;
/// assert_eq!(there.stats().calls_received, 2);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Stats {
    /// Calls appended, whether they want values or not.
    pub calls_sent: u64,
    /// Calls of ours that wait for their values.
    pub calls_in_flight: usize,
    /// Answers to our calls that came, unwindings included.
    pub answers_received: u64,
    /// Calls of the peer that came.
    pub calls_received: u64,
    /// Calls of the peer that run here just now, outside of the wire's own task.
    pub calls_running: usize,
    /// Answers to the peer's calls, unwindings included.
    pub answers_sent: u64,
    /// Objects of the peer that were refused.
    pub objects_refused: u64,
    /// Octets that the socket has accepted.
    pub octets_sent: u64,
    /// Octets that came.
    pub octets_received: u64,
    /// Reads whose octets came while the wire's task stayed awake for them
    /// ([`Limits::busy_poll`](crate::Limits#structfield.busy_poll)).
    pub reads_awake: u64,
    /// Octets of output that the socket has not accepted yet.
    pub octets_buffered: usize,
    /// Objects of ours that the peer holds.
    pub objects_exported: usize,
    /// Objects of the peer that this side holds.
    pub objects_imported: usize,
}

impl Stats {
    pub(crate) fn of(shared: &Shared) -> Self {
        let counters = &shared.counters;
        let objects_imported = shared.imports.held().len();
        let state = shared.lock();
        Self {
            calls_sent: state.out.calls(),
            calls_in_flight: state.out.waiting(),
            answers_received: counters.answers_in.load(Ordering::Relaxed),
            calls_received: counters.calls_in.load(Ordering::Relaxed),
            calls_running: counters.running.load(Ordering::Relaxed),
            answers_sent: state.out.answers(),
            objects_refused: counters.refused_in.load(Ordering::Relaxed),
            octets_sent: state.out.accepted_total(),
            octets_received: counters.octets_in.load(Ordering::Relaxed),
            reads_awake: counters.reads_awake.load(Ordering::Relaxed),
            octets_buffered: state.out.buffered(),
            objects_exported: state.out.exports.len(),
            objects_imported,
        }
    }
}
