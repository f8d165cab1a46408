//! Remote objects: what tokens stand for, in the process that owns them and in its peers.
//!
//! There is one table for the process, since a token names an object of a *process*; which wire
//! may use which token is decided above, by what was sent on it.

mod remote;
mod table;

pub use remote::{ObjectError, Opaque, Remote};
pub(crate) use table::{Hold, OBJECT_BIT, hold, is_shared};
pub use table::{ObjectInfo, list_remote_objects};
