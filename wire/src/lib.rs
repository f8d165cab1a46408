//! Pairs of processes that call functions in each other over raw TCP.

pub mod codec;
mod convert;
mod limits;
mod object;
mod token;
mod value;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use codec::{Decoder, Encoder, Kind, Text, Unsendable, WrongType};
#[cfg(feature = "serde")]
pub use convert::Serde;
pub use convert::{FromValues, FromWire, NeverNil, ToWire, ValuesDecoder, Vector};
pub use limits::Limits;
pub use object::{ObjectError, ObjectInfo, Opaque, Remote, list_remote_objects};
pub use token::Token;
pub use value::{Elements, List, ReadError, ReadErrorKind, Symbol, Value};

extern crate self as wire;
