//! Bytes to values and back, without any IO.
//!
//! A wire carries *objects*, one after another, with no frame around them. The first byte of an
//! object is its [`Op`]; the table says what follows. All numbers are big-endian.

mod decode;
mod encode;
mod error;
mod head;
mod header;
mod hello;
mod op;
mod received;
mod scan;
mod sent;
mod text;

pub use decode::{
    CallHeader, Decoder, Item, Kind, ListDecoder, NoTokens, Number, Packed, RecordDecoder, Tokens,
};
pub use encode::{
    ALL_VALUES, Element, Encoder, Form, ListEncoder, Name, PeerProfile, RecordEncoder,
};
pub use error::{FirstOctets, ProtocolError, ProtocolErrorKind, Refusal, Unsendable, WrongType};
pub use head::{FunctionRef, Head};
pub use hello::Hello;
pub use op::{BadHello, Op, Reads};
pub use received::Received;
pub use scan::{CallHead, Scan, Scanner};
pub use sent::{Sent, Shape, SymbolSite};
pub use text::{SymbolRef, Text};
