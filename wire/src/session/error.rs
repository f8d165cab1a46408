//! Why a call or an answer was not appended.

use crate::codec::Unsendable;
use crate::session::call::Place;

/// Why nothing was appended.
#[derive(Debug)]
pub(crate) enum SendError {
    /// At that place something cannot be sent: an argument, or, without one, the call as a whole.
    Unsendable { place: Place, error: Unsendable },
    /// More output waits than the limit allows.
    Full { buffered: usize, limit: usize },
    /// More calls wait than the limit allows.
    TooManyWaiting { limit: u32 },
    /// A function of that name holds the input, and answers are behind what it reads.
    InputHeld { by: &'static str },
    /// The peer would hold more objects than the limit allows.
    TooManyObjects { limit: u32 },
}

impl SendError {
    /// Which of the calls that go out together it is about.
    pub(crate) fn call(&self) -> usize {
        if let Self::Unsendable { place, .. } = self { place.call } else { 0 }
    }
}
