//! What a wire means: calls, answers, waits and dialects, without a socket, a clock or a task.
//!
//! One session has two halves that share nothing, because they live under different owners:
//!
//! ```text
//!   calls, answers, pings --> Outbound --> octets for the socket     under the wire's lock
//!   octets of the socket  --> Inbound  --> Event, one object each    owned by the wire's task
//! ```
//!
//! [`Outbound`] appends whole calls and answers or nothing, and keeps the table of our calls that
//! wait; it is generic over what its user hangs on a wait. [`Inbound`] says of each object what it
//! is: a call to run, an answer to one of ours, a refusal. It never names a function's code.

mod answer;
mod builtin;
mod call;
mod error;
mod event;
mod exports;
mod inbound;
mod outbound;
mod plan;
mod raw_output;
mod reason;
#[cfg(test)]
mod tests;
mod waits;

pub(crate) use answer::{Answer, Want};
pub use call::Call;
pub(crate) use call::{LeftoverCalls, Place};
pub(crate) use error::SendError;
pub(crate) use event::{Event, FunctionName, IncomingCall, SmallCall, SmallEvent, Step, Values};
pub(crate) use inbound::{Imports, Inbound, Outside};
pub(crate) use outbound::Outbound;
pub(crate) use plan::{Plan, PlanCall, PlanFunction};
pub use raw_output::RawOutput;
pub use reason::{Ran, Unwound};
pub(crate) use waits::Taken;
