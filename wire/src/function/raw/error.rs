//! Why untagged data could not be read.

use crate::codec::{Refusal, WrongType};
use crate::handle::WireError;

/// Why a [`RawInput`](crate::RawInput) did not give what was asked of it.
///
/// What was asked for is left unread, except where a variant says otherwise. A function that returns
/// one of these as its error still holds the input, which ends the wire.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RawError {
    /// The wire ended before all of it was there.
    #[error("{item} was not read: {why}")]
    Ended {
        /// What was asked for.
        item: &'static str,
        /// Why the wire ended.
        why: WireError,
    },
    /// It is longer than this side reads. Nothing of it was waited for.
    #[error("{}, more than {limit} (Limits::object_weight)", of_octets(item, *octets))]
    TooLong {
        /// What was asked for; `None` for octets as they are.
        item: Option<&'static str>,
        /// How many octets it has, or how many were asked for.
        octets: u64,
        /// The limit.
        limit: u64,
    },
    /// A negative length, or a count of words that none has: both sides do not agree on what comes.
    #[error("{item} with the length {length}")]
    Length {
        /// What was asked for.
        item: &'static str,
        /// The length.
        length: i32,
    },
    /// The octets of a string are not UTF-8.
    #[error("a string whose octets are not UTF-8")]
    NotText,
    /// An object is not of the type asked for, or none: a call, or a message of the protocol. It was
    /// read all the same, since what it saves is saved.
    #[error(transparent)]
    WrongType(WrongType),
    /// An object was refused by a limit. It was passed over.
    #[error("an object was refused: {0}")]
    Refused(Refusal),
    /// Reading an object was given up in its middle: only [`object`](crate::RawInput::object) goes
    /// on from there.
    #[error("an object has begun and not ended; read it to its end with `object` first")]
    WithinObject,
    /// The function has given the input back.
    #[error("the input was given back already")]
    Finished,
}

fn of_octets(item: &Option<&str>, octets: u64) -> String {
    match item {
        Some(item) => format!("{item} of {octets} octets"),
        None => format!("{octets} octets"),
    }
}
