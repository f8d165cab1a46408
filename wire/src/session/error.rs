//! Why a call or an answer was not appended.

use crate::codec::Unsendable;

/// Why nothing was appended.
#[derive(Debug)]
pub(crate) enum SendError {
    /// The argument with that index (or, without one, the call as a whole) cannot be sent.
    Unsendable { argument: Option<usize>, error: Unsendable },
    /// More output waits than the limit allows.
    Full { buffered: usize, limit: usize },
    /// More calls wait than the limit allows.
    TooManyWaiting { limit: u32 },
    /// The peer would hold more objects than the limit allows.
    TooManyObjects { limit: u32 },
}
