//! All that the output of the macros may name. Not for anybody else: it changes without notice.

pub use wire_macros::{__functions, __remote, __remote_value, __remote_value_bind};

pub use crate::codec::{Decoder, Encoder, Kind, Name, Shape, SymbolSite, Unsendable, WrongType};
pub use crate::convert::{FromValues, FromWire, NeverNil, ToWire};
pub use crate::function::{
    Declared, Definition, FunctionKind, Functions, Invocation, Need, Parameter, Refused, RemoteFn,
    Reply, Returns, Work,
};
pub use crate::handle::{CallError, Pending, Wire};
