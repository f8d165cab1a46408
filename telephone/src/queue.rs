//! The queue that keeps its word: what is in it survives whatever happens to its server.
//!
//! A command is stored before its id is given out, and that it was begun is stored before its
//! runner hears of it. So after a crash each command is accounted for: those that waited still
//! wait, those that ran are [`Interrupted`](crate::State::Interrupted), or wait again if their
//! sender had said that they may be repeated. Nothing runs twice that may not.
//!
//! ```text
//!  submit, cancel ──► writer ──► store          one transaction for all that asked meanwhile
//!                       │  ▲                    (SQLite or PostgreSQL)
//!             published │  │ claim, end, sweep
//!                       ▼  │
//!  wait, follow ◄── notices, dispatch ──► Runner
//! ```
//!
//! Each change of a state is one statement that names the state it expects, and the attempt. So
//! exactly one ending is recorded, whatever races, and a server that was stopped for so long that
//! others counted it among the dead cannot overwrite what they wrote.
//!
//! # What it costs
//!
//! A change is on the disk before anybody hears of it: with SQLite one `fsync` for each
//! transaction (`journal_mode = WAL`, `synchronous = FULL`), which is some milliseconds on most
//! disks. Changes that are asked for meanwhile share the next transaction, so that a lone sender
//! waits for two of them at most, and many senders share their cost.

mod beat;
mod cancel;
mod claim;
mod clock;
mod dialect;
mod dispatch;
mod end;
mod error;
mod filter;
mod follow;
mod handle;
mod listen;
mod lock;
mod notices;
mod progress;
mod read;
mod row;
mod runner;
mod running;
mod schema;
mod settings;
mod shared;
mod store;
mod submit;
mod sweep;
mod write;
mod writer;

pub use crate::api::Counts;
pub use clock::Clock;
pub use error::{QueueError, SubmitError};
pub use filter::JobFilter;
pub use follow::Change;
pub use handle::Queue;
pub use runner::{ProgressSink, Runner};
pub use settings::{QueueSettings, Storage};
pub use submit::Submitted;
