//! Pairs of processes that call functions in each other over raw TCP.

pub mod codec;
mod convert;
mod function;
mod handle;
mod limits;
mod macros;
mod net;
mod object;
mod session;
mod token;
mod value;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use codec::{Decoder, Encoder, Kind, Text, Unsendable, WrongType};
#[cfg(feature = "serde")]
pub use convert::Serde;
pub use convert::{FromValues, FromWire, NeverNil, ToWire, ValuesDecoder, Vector};
pub use function::{
    FunctionInfo, Functions, FunctionsError, ParameterInfo, record_panic_locations,
};
pub use handle::{
    CallError, Closed, Forced, OrElse, Outcome, Peer, Pending, PendingOutcome, PendingValue, Stats,
    WeakWire, Wire, WireError,
};
pub use limits::Limits;
pub use macros::{FromWire, ToWire, remote_fn};
pub use net::{BindError, Builder, ConnectError, RequestServer, ServerHandle};
pub use object::{ObjectError, ObjectInfo, Opaque, Remote, list_remote_objects};
pub use session::{Ran, Unwound};
pub use token::Token;
pub use value::{Elements, List, ReadError, ReadErrorKind, Symbol, Value};

extern crate self as wire;

#[cfg(not(unix))]
compile_error!("wire is made for Unix-like systems: it knows Unix sockets and standard streams");
