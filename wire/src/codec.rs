//! Bytes to values and back, without any IO.
//!
//! A codec is worth having without our sockets: [`Scanner`] finds where the peer's objects end,
//! [`Head`] tells what each is, [`Decoder`] reads it into the types that want it, and [`Encoder`]
//! writes. [`Received`] and [`Sent`] are what each direction remembers.
//!
//! The format, every op of both dialects and what is done with them, is told in `docs/protocol.md`
//! of the repository, with examples that the tests check. In short:
//!
//! A wire carries *objects*, one after another, with no frame around them. The first octet of an
//! object is its [`Op`], all numbers are big-endian. Ops 0 to 14 are CMUCL's; those above are ours,
//! sent only to a peer whose [`Hello`] lists them, and of these the ones from [`Op::Call`] on stand
//! at top level only. Each direction numbers what it saves 0, 1, 2 and so on; an outer save comes
//! before those inside of it. We save symbols, at their first use, and shapes.
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
mod pieces;
mod received;
mod scan;
mod sent;
#[cfg(test)]
mod tests;
mod text;

pub(crate) use decode::Ahead;
#[doc(hidden)]
pub use decode::FlatDecoder;
pub use decode::{
    CallHeader, Decoder, Item, Kind, ListDecoder, NoTokens, Number, Packed, RecordDecoder,
    RowDecoder, Tokens,
};
pub use encode::{
    ALL_VALUES, Element, Encoder, Form, ListEncoder, Name, PeerProfile, RecordEncoder,
};
#[doc(hidden)]
pub use encode::{Atom, FlatEncoder};
pub(crate) use encode::{Identity, SmallCall};
pub use error::{FirstOctets, ProtocolError, ProtocolErrorKind, Refusal, Unsendable, WrongType};
pub use head::{FunctionRef, Head};
pub use hello::Hello;
pub use op::{BadHello, Op, Reads};
pub(crate) use pieces::{Mark, Pieces};
pub use received::Received;
pub use scan::{CallHead, Scan, Scanner};
pub(crate) use scan::{NODE, SmallHead};
pub use sent::{Sent, Shape, SymbolSite};
pub use text::{SymbolRef, Text};
