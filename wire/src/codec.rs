//! Bytes to values and back, without any IO.
//!
//! A codec is worth having without our sockets: [`Scanner`] finds where the peer's objects end,
//! [`Head`] tells what each is, [`Decoder`] reads it into the types that want it, and [`Encoder`]
//! writes. [`Received`] and [`Sent`] are what each direction remembers.
//!
//! # The bytes
//!
//! A wire carries *objects*, one after another, with no frame around them. All numbers are
//! big-endian. The first byte of an object is its [`Op`]. These are CMUCL's:
//!
//! | op | name | what follows |
//! |---|---|---|
//! | 0-5 | funcall0 .. funcall5 | the function, a symbol; 0 to 5 arguments |
//! | 6 | funcall | one byte n, the function, n arguments |
//! | 7 | number | 4 bytes, two's complement |
//! | 8 | string | a 4-byte length, the octets |
//! | 9 | symbol | two bare strings (length and octets): the name, the package |
//! | 10 | save | a 4-byte index, and an object: that object, which is kept at that index |
//! | 11 | lookup | a 4-byte index: the object kept there |
//! | 12 | remote object | host, process and object id, 4 bytes each |
//! | 13 | cons | two objects: car, cdr |
//! | 14 | bignum | a signed 4-byte count, negative for a negative integer; so many 32-bit words of the magnitude, most significant first |
//!
//! A list is conses ended by the symbol `NIL` of package `COMMON-LISP`. An integer of 32 bits goes
//! out as a number, any other as a bignum of as few words as do. Each direction numbers what it
//! saves 0, 1, 2 and so on; an outer save comes before those inside of it. We save symbols, at
//! their first use, shapes, and what is [`Cached`](crate::Cached).
//!
//! These are ours, sent only to a peer whose [`Hello`] lists them. A *varint* is a number of 32
//! bits, seven to an octet, the low ones first, with the high bit of all octets but the last set.
//!
//! | op | name | what follows |
//! |---|---|---|
//! | 15 | double | 8 bytes, IEEE 754 |
//! | 16 | single | 4 bytes, IEEE 754 |
//! | 17 | octets | a 4-byte length, the octets |
//! | 18 | sequence | a kind byte, a 4-byte count, the elements |
//! | 19 | small | one signed byte: the integer |
//! | 20 | short lookup | a varint index: the object kept there |
//! | 21 | record | one byte n from 1 to 255; the shape, a list of n keywords; n values: the property list of them |
//! | 22 | call | one byte, how many values are wanted (0 none, 1 to 5, 6 all); if any, a varint id; a varint f; one byte n; if f is 0 the function, a symbol, which is otherwise the one kept at f - 1; n arguments |
//! | 23 | return | a varint id, one byte n, n values |
//! | 24 | unwound | a varint id; the reason, a property list |
//! | 25 | release | a 4-byte object id, a varint count |
//! | 26 | cancel | a varint id |
//! | 27 | ping | a 4-byte cookie |
//! | 28 | pong | the cookie of the ping |
//! | 29 | goodbye | a string |
//!
//! The low seven bits of a sequence's kind say what its elements are, and the high bit that it is
//! a vector in Lisp rather than a list:
//!
//! | kind | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 |
//! |---|---|---|---|---|---|---|---|---|---|---|---|
//! | elements | objects | i8 | i16 | i32 | i64 | u8 | u16 | u32 | u64 | f32 | f64 |
//!
//! 22 to 29 stand at top level only.
//!
//! # What it costs to read
//!
//! An object's *weight* is 16 for each object in it, saves excepted, and the octets of strings,
//! names, bignums and packed numbers; a lookup weighs what it stands for. Its *depth* is how many
//! conses (by their cars), records, sequences and calls are open at once; saves add nothing, and
//! the cdr of a cons stands no deeper than the cons. Both have limits, beyond which
//! the one object is refused and skipped ([`Refusal`]). A wire ends ([`ProtocolError`]) only by
//! bytes after which nobody knows where the next object begins, or by a lie.
//!
//! ```
//! use bytes::BytesMut;
//! use wire::Limits;
//! use wire::codec::{
//!     Decoder, Encoder, Head, Name, NoTokens, PeerProfile, Received, Scan, Scanner, Sent,
//!     SymbolSite, Text,
//! };
//!
//! static ADD: SymbolSite = SymbolSite::new("ADD", "COMMON-LISP-USER");
//! let (mut bytes, mut sent, peer) = (BytesMut::new(), Sent::new(100), PeerProfile::classic());
//! let mut out = Encoder::new(&mut bytes, Some(&mut sent), &peer);
//! out.funcall(Name::Site(&ADD), 2)?;
//! out.integer(2)?;
//! out.integer(3)?;
//! out.finish()?;
//!
//! let limits = Limits::default();
//! let (mut scanner, mut received) = (Scanner::new(&limits), Received::new(&limits, Text::Utf8));
//! let Scan::Object { len, .. } = scanner.scan(&bytes, &mut received)? else { panic!() };
//! let Head::Funcall { argc: 2, args, .. } = Head::read(&bytes[..len], &received) else { panic!() };
//! let mut input = Decoder::new(args, &received, Text::Utf8, &NoTokens);
//! assert_eq!(input.integer()? + input.integer()?, 5);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
#[cfg(test)]
mod tests;
mod text;

pub use decode::{
    CallHeader, Decoder, Item, Kind, ListDecoder, NoTokens, Number, Packed, RecordDecoder, Tokens,
};
pub(crate) use encode::Identity;
pub use encode::{
    ALL_VALUES, Element, Encoder, Form, ListEncoder, Name, PeerProfile, RecordEncoder,
};
pub use error::{FirstOctets, ProtocolError, ProtocolErrorKind, Refusal, Unsendable, WrongType};
pub use head::{FunctionRef, Head};
pub use hello::Hello;
pub use op::{BadHello, Op, Reads};
pub use received::Received;
pub(crate) use scan::NODE;
pub use scan::{CallHead, Scan, Scanner};
pub use sent::{Sent, Shape, SymbolSite};
pub use text::{SymbolRef, Text};
