//! All that the code of the macros may name. It changes with them, without notice.

pub use crate::codec::{
    Decoder, Encoder, Kind, Name, RecordEncoder, Shape, SymbolSite, Unsendable, WrongType,
};
pub use crate::convert::derived::{missing_field, unknown_variant};
pub use crate::convert::{FromValues, FromWire, NeverNil, ToWire};
