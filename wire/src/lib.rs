//! Pairs of processes that call functions in each other over raw TCP.

mod limits;
mod object;
mod token;

pub use limits::Limits;
pub use object::{ObjectError, ObjectInfo, Opaque, Remote, list_remote_objects};
pub use token::Token;

extern crate self as wire;
