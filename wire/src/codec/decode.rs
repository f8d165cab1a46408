//! Reading scanned bytes into the types that want them, without a tree in between.

mod ahead;
mod call;
mod flat;
mod item;
mod list;
mod number;
mod octets;
mod over;
mod record;
mod row;
mod text;
mod walk;

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;

use crate::codec::error::WrongType;
use crate::codec::header::{Body, Header};
use crate::codec::op::Op;
use crate::codec::received::Received;
use crate::codec::text::{SymbolParts, Text, bare_string, is_nil};
use crate::object::Remote;
use crate::token::Token;

pub(crate) use crate::codec::decode::ahead::Ahead;
pub use crate::codec::decode::call::CallHeader;
pub use crate::codec::decode::flat::FlatDecoder;
pub use crate::codec::decode::item::Item;
pub use crate::codec::decode::list::{ListDecoder, Packed};
pub use crate::codec::decode::number::Number;
pub use crate::codec::decode::record::RecordDecoder;
pub use crate::codec::decode::row::RowDecoder;

/// Makes the handles of remote objects, which the wire counts.
pub trait Tokens {
    /// The handle of an object that was read.
    fn received(&self, token: Token) -> Remote;
}

/// Handles that hold nothing, for decoding without a wire.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "it is its own value")]
pub struct NoTokens;

impl Tokens for NoTokens {
    fn received(&self, token: Token) -> Remote {
        Remote::with_hold(token, None)
    }
}

/// What stands next, looked-up objects looked up.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// An integer of any size.
    Integer,
    /// A string.
    String,
    /// A symbol that is not `NIL`.
    Symbol,
    /// `NIL`, which is also the empty list.
    Nil,
    /// A float of 64 bits.
    Double,
    /// A float of 32 bits.
    Single,
    /// A byte string.
    Octets,
    /// A list that is not empty.
    List,
    /// A vector.
    Vector,
    /// A record, which means a property list.
    Record,
    /// A remote object.
    Remote,
    /// A call whose value was meant to stand here.
    Call,
    /// Nothing: all has been read, or what follows is no object.
    End,
}

/// A cursor over objects that a [`Scanner`](crate::codec::Scanner) has found.
///
/// Each method reads one object and moves past it; one that fails does not move. Objects that were
/// saved are read like any others, and lookups as what they stand for. It is safe on any bytes.
///
/// ```
/// use wire::Limits;
/// use wire::codec::{Decoder, Kind, NoTokens, Received, Text};
///
/// let received = Received::new(&Limits::default(), Text::Utf8);
/// let bytes = b"\x07\0\0\0\x2a\x08\0\0\0\x03abc";
/// let mut input = Decoder::new(bytes, &received, Text::Utf8, &NoTokens);
/// assert_eq!(input.integer()?, 42);
/// assert_eq!(input.kind(), Kind::String);
/// assert_eq!(input.integer().unwrap_err().to_string(), "expected an integer, found the string \"abc\"");
/// assert_eq!(input.string()?, "abc");
/// assert!(input.is_at_end());
/// # Ok::<(), wire::WrongType>(())
/// ```
#[derive(Clone)]
pub struct Decoder<'a> {
    input: &'a [u8],
    /// The kind of the packed elements in `input`, or `OBJECTS`.
    element: u8,
    text: Text,
    received: &'a Received,
    tokens: &'a dyn Tokens,
    around: Around<'a>,
}

/// What is known of the octets that the input of a decoder is a part of.
#[derive(Clone, Copy)]
enum Around<'a> {
    Nothing,
    /// Byte strings can be parts of them too.
    Shared(&'a Bytes),
    /// Some of them are text.
    Text(&'a str),
}

/// The kind of a sequence whose elements are objects.
const OBJECTS: u8 = 0;

impl<'a> Decoder<'a> {
    /// A cursor at the beginning of `input`.
    pub fn new(
        input: &'a [u8],
        received: &'a Received,
        text: Text,
        tokens: &'a dyn Tokens,
    ) -> Self {
        Self { input, element: OBJECTS, text, received, tokens, around: Around::Nothing }
    }

    /// Whether everything has been read.
    #[inline]
    pub fn is_at_end(&self) -> bool {
        self.input.is_empty()
    }

    /// What has not been read.
    pub fn rest(&self) -> &'a [u8] {
        self.input
    }

    /// What stands next.
    pub fn kind(&self) -> Kind {
        if self.element != OBJECTS {
            return self.packed_kind();
        }
        let at = self.here().object;
        let Ok(Header { op, body, .. }) = Header::read(at) else { return Kind::End };
        match op {
            Op::Number | Op::Bignum | Op::Small => Kind::Integer,
            Op::String => Kind::String,
            Op::Symbol if is_nil(at) => Kind::Nil,
            Op::Symbol => Kind::Symbol,
            Op::Double => Kind::Double,
            Op::Single => Kind::Single,
            Op::Octets => Kind::Octets,
            Op::Cons => Kind::List,
            Op::Remote => Kind::Remote,
            Op::Record => Kind::Record,
            Op::Sequence if at[1] & 0x80 != 0 => Kind::Vector,
            Op::Sequence => match body {
                Body::Objects(0) | Body::Octets(0) => Kind::Nil,
                _ => Kind::List,
            },
            _ if matches!(body, Body::Function { .. } | Body::Call { .. }) => Kind::Call,
            _ => Kind::End,
        }
    }

    /// Whether `NIL` stands next, or the empty list, which is the same.
    #[inline]
    pub fn is_nil(&self) -> bool {
        if self.element != OBJECTS {
            return false;
        }
        let at = self.here().object;
        is_nil(at) || matches!(at, [18, 0..=0x7f, 0, 0, 0, 0, ..])
    }

    /// Reads `NIL`.
    ///
    /// # Errors
    /// Something else stands there.
    pub fn nil(&mut self) -> Result<(), WrongType> {
        if self.is_nil() { self.skip() } else { Err(self.wrong("NIL")) }
    }

    /// Reads a remote object.
    ///
    /// # Errors
    /// Something else stands there.
    pub fn remote(&mut self) -> Result<Remote, WrongType> {
        Ok(self.tokens.received(self.token()?))
    }

    /// Reads a remote object's name, making no handle.
    ///
    /// # Errors
    /// Something else stands there.
    pub fn token(&mut self) -> Result<Token, WrongType> {
        let Some(octets) = self.fixed::<12>(Op::Remote) else {
            return Err(self.wrong("a remote object"));
        };
        let four = |at: usize| {
            u32::from_be_bytes([octets[at], octets[at + 1], octets[at + 2], octets[at + 3]])
        };
        Ok(Token::new(four(0), four(4), four(8)))
    }

    /// The error that something else than `expected` stands here.
    #[cold]
    pub fn wrong(&self, expected: impl Into<Cow<'static, str>>) -> WrongType {
        WrongType::new(expected, self.describe())
    }

    /// What stands here, in words, with its article. Must not call what calls
    /// [`wrong`](Self::wrong), which calls this.
    fn describe(&self) -> Cow<'static, str> {
        let mut ahead = self.clone();
        Cow::Borrowed(match self.kind() {
            Kind::Integer => match ahead.try_number() {
                Some(Number::Small(integer)) => {
                    return Cow::Owned(format!("the integer {integer}"));
                }
                Some(Number::Big { .. }) => "an integer of more than 64 bits",
                None => "a truncated integer",
            },
            Kind::String => match ahead.string() {
                Ok(text) if text.chars().count() <= 40 => {
                    return Cow::Owned(format!("the string {text:?}"));
                }
                _ => "a string",
            },
            Kind::Symbol => match SymbolParts::read(self.here().object) {
                Some((parts, _)) => {
                    let symbol = parts.lossy(self.text);
                    return Cow::Owned(format!("the symbol {symbol:.80}"));
                }
                None => "a truncated symbol",
            },
            Kind::Nil => "NIL",
            Kind::Double => "a double-float",
            Kind::Single => "a single-float",
            Kind::Octets => "a byte string",
            Kind::List => "a list",
            Kind::Vector => "a vector",
            Kind::Record => "a record",
            Kind::Remote => "a remote object",
            Kind::Call => "a call",
            Kind::End if self.input.is_empty() => "nothing",
            Kind::End => "a truncated object",
        })
    }

    /// Where the next object stands: past its saves, through its lookup.
    #[inline]
    fn here(&self) -> Here<'a> {
        let mut object = self.input;
        let mut after = None;
        loop {
            match object {
                [10, _, _, _, _, rest @ ..] => object = rest,
                // Kept objects are never lookups themselves, so this happens once.
                [11 | 20, ..] if after.is_none() => match self.look_up(object) {
                    Some((kept, rest)) => (object, after) = (kept, Some(rest)),
                    None => return Here { object: &[], after },
                },
                _ => return Here { object, after },
            }
        }
    }

    /// [`here`](Self::here), if objects stand here and not packed elements.
    #[inline]
    fn objects(&self) -> Option<Here<'a>> {
        (self.element == OBJECTS).then(|| self.here())
    }

    /// What the lookup that `input` begins with stands for, and what follows the lookup.
    #[inline]
    fn look_up(&self, input: &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
        let (index, rest) = self.lookup_at(input)?;
        Some((&self.received.kept(index)?.octets, rest))
    }

    /// The index of the lookup that `input` begins with, and what follows it.
    #[inline]
    fn lookup_at(&self, input: &'a [u8]) -> Option<(u32, &'a [u8])> {
        match Header::read(input) {
            Ok(Header { body: Body::Lookup(index), len, .. }) => Some((index, &input[len..])),
            _ => None,
        }
    }

    /// The octets of an op that has `N` of them, moving past it.
    fn fixed<const N: usize>(&mut self, op: Op) -> Option<&'a [u8; N]> {
        let here = self.objects()?;
        let (&byte, rest) = here.object.split_first()?;
        if byte != op.byte() {
            return None;
        }
        let (octets, rest) = rest.split_first_chunk()?;
        self.input = here.after.unwrap_or(rest);
        Some(octets)
    }

    /// The same, if the op stands here itself.
    #[inline]
    fn plain_fixed<const N: usize>(&mut self, op: Op) -> Option<&'a [u8; N]> {
        let (octets, rest) = self.plain(op)?.split_first_chunk()?;
        self.input = rest;
        Some(octets)
    }

    /// What follows this op, if it stands here itself, as objects that were never saved do.
    #[inline]
    fn plain(&self, op: Op) -> Option<&'a [u8]> {
        match self.input {
            [byte, rest @ ..] if *byte == op.byte() && self.element == OBJECTS => Some(rest),
            _ => None,
        }
    }

    /// The octets of an op with a length, and where to go from there.
    #[inline]
    fn counted(&self, op: Op, expected: &'static str) -> Result<(&'a [u8], &'a [u8]), WrongType> {
        match self.plain(op).and_then(bare_string) {
            Some(found) => Ok(found),
            None => self.other_counted(op, expected),
        }
    }

    fn other_counted(
        &self,
        op: Op,
        expected: &'static str,
    ) -> Result<(&'a [u8], &'a [u8]), WrongType> {
        let Some(here) = self.objects() else { return Err(self.wrong(expected)) };
        match here.object.split_first() {
            Some((&byte, rest)) if byte == op.byte() => match bare_string(rest) {
                Some((octets, rest)) => Ok((octets, here.after.unwrap_or(rest))),
                None => Err(WrongType::new(expected, "a truncated object")),
            },
            _ => Err(self.wrong(expected)),
        }
    }
}

impl fmt::Debug for Decoder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoder")
            .field("next", &self.kind())
            .field("octets", &self.input.len())
            .finish_non_exhaustive()
    }
}

/// Where an object stands.
#[derive(Clone, Copy)]
struct Here<'a> {
    object: &'a [u8],
    /// If it was looked up: what follows the lookup.
    after: Option<&'a [u8]>,
}
