//! Pairs of processes that call functions in each other over raw TCP.

mod limits;
mod object;
mod token;
mod value;

pub use limits::Limits;
pub use object::{ObjectError, ObjectInfo, Opaque, Remote, list_remote_objects};
pub use token::Token;
pub use value::{Elements, List, ReadError, ReadErrorKind, Symbol, Value};

extern crate self as wire;
