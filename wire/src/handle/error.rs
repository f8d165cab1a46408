//! The two errors users see: why a call has no value, and why a wire is over.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use crate::codec::{ProtocolError, Unsendable, WrongType};
use crate::session::{Place, Ran, SendError, Unwound};

/// Why a call has no value.
///
/// This is the one error of all calls: of [`remote!`](crate::remote), of awaiting a
/// [`Pending`](crate::Pending), of [`force_output`](crate::Wire::force_output) and
/// [`sync`](crate::Wire::sync). Each names the call, and [`ran`](Self::ran) says whether calling
/// again could run the function twice.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// The peer unwound past the call.
    ///
    /// Where the function panicked, the peer goes on, but its program's panic hook ran first: the
    /// default one prints to that program's standard error.
    #[error(transparent)]
    Unwound(Unwound),
    /// An argument cannot go to this peer. Nothing was sent.
    #[error("{function} was not called: {}{error}", place(*.argument))]
    Unsendable {
        /// The function.
        function: Cow<'static, str>,
        /// The argument's index, or `None` if the call as a whole does not fit.
        argument: Option<usize>,
        /// What is wrong with it.
        error: Box<Unsendable>,
    },
    /// Too much output waits for the peer to read it. Nothing was sent; [`Wire::ready`] waits for
    /// room.
    ///
    /// [`Wire::ready`]: crate::Wire::ready
    #[error(
        "{function} was not called: {buffered} octets wait for the peer to read them, and \
         `Limits::buffered_output` is {limit}"
    )]
    Full {
        /// The function.
        function: Cow<'static, str>,
        /// The octets that wait.
        buffered: usize,
        /// The limit.
        limit: usize,
    },
    /// Too many calls wait for their values. Nothing was sent.
    #[error(
        "{function} was not called: as many calls wait as `Limits::waiting_calls` allows, {limit}"
    )]
    TooManyWaiting {
        /// The function.
        function: Cow<'static, str>,
        /// The limit.
        limit: u32,
    },
    /// The peer holds as many of our objects as it may. Nothing was sent.
    #[error(
        "{function} was not called: the peer would hold more objects than \
         `Limits::remote_objects` allows, {limit}"
    )]
    TooManyObjects {
        /// The function.
        function: Cow<'static, str>,
        /// The limit.
        limit: u32,
    },
    /// A function of this side holds the wire's input ([`RawInput`](crate::RawInput)), and the answer
    /// would stand behind what it reads. Nothing was sent.
    #[error(
        "{function} was not called: {by} holds the wire's input, and its answer would wait behind \
         what {by} reads; call after its `finish`, or for the effect alone"
    )]
    InputHeld {
        /// The function called.
        function: Cow<'static, str>,
        /// The function that holds the input.
        by: &'static str,
    },
    /// A function that runs on the wire's own task would have blocked on a call: the task that
    /// would have to read the answer. Declare the function async or blocking. Also: a wire was
    /// used inside of `to_wire`.
    #[error(
        "{function}: blocking here would wait for ourselves; make the function async or blocking"
    )]
    WouldDeadlock {
        /// The function called.
        function: Cow<'static, str>,
        /// Whether it runs: one that was not waited for is made all the same.
        ran: Ran,
    },
    /// No answer came in the time that the handle allows. The peer goes on.
    #[error("{function} did not answer within {after:?}")]
    TimedOut {
        /// The function.
        function: Cow<'static, str>,
        /// The time allowed.
        after: Duration,
        /// Whether it ran.
        ran: Ran,
    },
    /// The wire ended before the answer came.
    #[error("{function} {}: {why}", fate(*.ran))]
    Ended {
        /// The function.
        function: Cow<'static, str>,
        /// Why the wire ended.
        why: WireError,
        /// Whether it ran.
        ran: Ran,
    },
    /// The function returned something that is not of the type asked for.
    #[error("the value of {function} is not of its type: {error}")]
    WrongType {
        /// The function.
        function: Cow<'static, str>,
        /// What was expected and what came.
        error: Box<WrongType>,
    },
}

impl CallError {
    /// Whether the called function ran: the answer to "may I call again?".
    pub fn ran(&self) -> Ran {
        match self {
            Self::Unwound(unwound) => unwound.ran(),
            Self::TimedOut { ran, .. }
            | Self::Ended { ran, .. }
            | Self::WouldDeadlock { ran, .. } => *ran,
            Self::WrongType { .. } => Ran::Yes,
            Self::Unsendable { .. }
            | Self::InputHeld { .. }
            | Self::Full { .. }
            | Self::TooManyWaiting { .. }
            | Self::TooManyObjects { .. } => Ran::No,
        }
    }

    pub(crate) fn not_sent(function: Cow<'static, str>, error: SendError) -> Self {
        match error {
            SendError::Unsendable { place: Place { argument, .. }, error } => {
                Self::Unsendable { function, argument, error: Box::new(error) }
            }
            SendError::Full { buffered, limit } => Self::Full { function, buffered, limit },
            SendError::TooManyWaiting { limit } => Self::TooManyWaiting { function, limit },
            SendError::InputHeld { by } => Self::InputHeld { function, by },
            SendError::TooManyObjects { limit } => Self::TooManyObjects { function, limit },
        }
    }
}

fn fate(ran: Ran) -> &'static str {
    if ran == Ran::No { "was not called" } else { "has no value" }
}

fn place(argument: Option<usize>) -> String {
    argument.map_or_else(String::new, |index| format!("argument {}: ", index + 1))
}

/// Why a wire is over. Every waiting call and every later one gets it.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WireError {
    /// This side closed the wire.
    #[error("this side closed the wire")]
    Closed,
    /// This side ended the wire at once.
    #[error("this side aborted the wire: {reason}")]
    Aborted {
        /// What [`Wire::abort`](crate::Wire::abort) was given.
        reason: Arc<str>,
    },
    /// This side's on-connect hook refused the peer.
    #[error("this side refused the peer: {reason}")]
    Refused {
        /// What the hook said.
        reason: Arc<str>,
    },
    /// The peer closed the wire on purpose.
    #[error("the peer closed the wire{}", said(.reason))]
    PeerClosed {
        /// What it said when it did; a classic peer says nothing.
        reason: Arc<str>,
    },
    /// The stream ended without a goodbye: the peer died, or something between did.
    #[error("the peer's end of the stream closed without a goodbye")]
    PeerVanished,
    /// Reading or writing the stream failed.
    #[error("the stream failed: {0}")]
    Io(#[source] Arc<io::Error>),
    /// The peer sent octets after which nobody knows where the next object begins.
    #[error(transparent)]
    Protocol(ProtocolError),
    /// The peer answered a call that this side never made.
    #[error("the peer answered call {id}, which was never made")]
    FalseAnswer {
        /// The id that it named.
        id: u32,
    },
    /// The peer left an object, or the untagged data of a call, unfinished.
    #[error(
        "the peer left an object, or the data behind a call, unfinished for {after:?} \
         (`Limits::stall`)"
    )]
    StalledReading {
        /// For how long.
        after: Duration,
    },
    /// The peer took none of our output.
    #[error("the peer took none of our output for {after:?} (`Limits::stall`)")]
    StalledWriting {
        /// For how long.
        after: Duration,
    },
    /// The peer did not answer a ping.
    #[error("the peer was silent for {after:?} and did not answer a ping")]
    Silent {
        /// For how long.
        after: Duration,
    },
    /// The peer does not read the answers that it asks for.
    #[error(
        "{buffered} octets of answers wait for the peer to read them, twice what \
         `Limits::buffered_output` allows"
    )]
    AnswersUnread {
        /// The octets that wait.
        buffered: usize,
    },
    /// The peer sent too much that means nothing.
    #[error("the peer sent more than {limit} objects without effect (`Limits::idle_objects`)")]
    Flooded {
        /// The limit.
        limit: u32,
    },
    /// A function unwound while it held the input, so that nobody knows where the next object
    /// begins ([`RawInput`](crate::RawInput)).
    #[error(
        "{function} unwound while it held the wire's input, and what is left of its data cannot be \
         told from calls{}", said(.reason)
    )]
    RawUnwound {
        /// The function.
        function: Arc<str>,
        /// Why it unwound.
        reason: Arc<str>,
    },
    /// A call of a function that reads untagged data was not run, so that nobody knows where the
    /// next object begins.
    #[error(
        "a call of {function} was refused, and the untagged data behind it cannot be told from \
         calls{}", said(.reason)
    )]
    RawRefused {
        /// The function.
        function: Arc<str>,
        /// Why its call was refused.
        reason: Arc<str>,
    },
    /// The runtime that ran the wire's task is gone.
    #[error("the runtime that ran the wire was shut down")]
    RuntimeGone,
}

fn said(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!(": {reason}") }
}

impl From<io::Error> for WireError {
    fn from(error: io::Error) -> Self {
        Self::Io(Arc::new(error))
    }
}
