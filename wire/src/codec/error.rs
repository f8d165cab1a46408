//! What can be wrong: with a peer's bytes, with one object, with what we were asked to send.

use std::borrow::Cow;
use std::fmt;

use crate::codec::op::Op;

/// The peer's bytes broke a rule after which nobody knows where the next object begins. The wire
/// ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the peer broke the protocol at octet {at}: {kind}")]
#[non_exhaustive]
pub struct ProtocolError {
    /// Which octet of the stream the broken object, or the part of it that broke, begins at.
    pub at: u64,
    /// Which rule.
    #[source]
    pub kind: ProtocolErrorKind,
}

/// Which rule the peer's bytes broke.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ProtocolErrorKind {
    /// The stream begins with something that is no op: text, HTTP, TLS.
    #[error("the stream is not a wire, it begins with \"{0}\"")]
    NotAWire(FirstOctets),
    /// A byte that is no op where an object must begin.
    #[error("unknown op {byte}")]
    UnknownOp {
        /// The byte.
        byte: u8,
    },
    /// An op that may only stand at top level inside another object.
    #[error("op {op} inside another object")]
    Misplaced {
        /// The op.
        op: Op,
    },
    /// A negative length or count, or a bignum of more words than there can be.
    #[error("op {op} with the length {length}")]
    Length {
        /// The op.
        op: Op,
        /// The length, as signed.
        length: i32,
    },
    /// A save index that is not the next one.
    #[error("save at index {index} where {next} is next")]
    SaveIndex {
        /// The index.
        index: u32,
        /// What it should have been.
        next: u32,
    },
    /// A lookup of an index that was never saved.
    #[error("lookup of index {index}, where {saved} objects were saved")]
    NeverSaved {
        /// The index.
        index: u32,
        /// How many were saved.
        saved: u32,
    },
    /// A varint of more than 32 bits.
    #[error("a varint beyond 32 bits")]
    Varint,
    /// A sequence of an unknown kind of elements.
    #[error("a sequence of unknown kind {kind}")]
    Elements {
        /// The kind byte.
        kind: u8,
    },
    /// A call that wants something unknown.
    #[error("a call that wants {want}")]
    Want {
        /// The byte.
        want: u8,
    },
    /// A record without fields.
    #[error("a record without fields")]
    EmptyRecord,
}

/// The first octets of a stream that is not a wire; at most 16. Displays as printable text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct FirstOctets {
    octets: [u8; 16],
    len: u8,
}

impl FirstOctets {
    pub(crate) fn new(input: &[u8]) -> Self {
        let len = input.len().min(16);
        let mut octets = [0; 16];
        octets[..len].copy_from_slice(&input[..len]);
        Self { octets, len: len as u8 }
    }

    /// The octets.
    pub fn as_slice(&self) -> &[u8] {
        &self.octets[..usize::from(self.len)]
    }
}

impl fmt::Display for FirstOctets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.as_slice().escape_ascii())
    }
}

/// Why one object is refused; the wire and every other object go on.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// It nests too deep.
    #[error("the object nests deeper than {limit} (Limits::depth)")]
    Depth {
        /// The limit.
        limit: u32,
    },
    /// It is too large, or stands for too much.
    #[error("the object is heavier than {limit} octets (Limits::object_weight)")]
    Weight {
        /// The limit.
        limit: u64,
    },
    /// A symbol of it has too long a name.
    #[error("a symbol of {length} octets, longer than {limit} (Limits::symbol_length)")]
    SymbolLength {
        /// The length of the name, or of the package's.
        length: u32,
        /// The limit.
        limit: u32,
    },
    /// It looks up an object that was saved and not kept.
    #[error(
        "a lookup of index {index}, which was refused or not kept (Limits::cache_entries, Limits::cache_bytes)"
    )]
    RefusedLookup {
        /// The index.
        index: u32,
    },
    /// It looks up an object from inside of itself.
    #[error("a lookup of index {index} inside of the object saved there")]
    SelfLookup {
        /// The index.
        index: u32,
    },
    /// A call of something that is not a symbol.
    #[error("a call of something that is not a symbol")]
    NotASymbolFunction,
    /// A call inside of an object that is not one itself.
    #[error("a call inside of an object that is no call")]
    CallInObject,
    /// A request for values among the arguments of a call.
    #[error("a call that wants values among the arguments of another")]
    DoInArguments,
    /// A request for values behind another one, which has no call then.
    #[error("a call that wants values where the call itself was due")]
    DoTwice,
    /// A call of the protocol itself whose first argument is not a token.
    #[error("a call of the protocol itself without a token")]
    NoToken,
}

/// What stood in the peer's object is not what the reading type wants.
///
/// ```
/// use wire::WrongType;
///
/// let error = WrongType::new("a string", "the integer 7").within("field `name` of Job").at(2);
/// assert_eq!(
///     error.to_string(),
///     "expected a string, found the integer 7, in field `name` of Job, in element 2"
/// );
/// ```
// Boxed, so that reading an integer returns in registers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WrongType(Box<Mismatch>);

#[derive(Clone, Debug, Eq, PartialEq)]
struct Mismatch {
    expected: Cow<'static, str>,
    found: Cow<'static, str>,
    /// The innermost place first.
    within: Vec<Cow<'static, str>>,
}

impl WrongType {
    /// `expected` and `found` with their articles, as in "a string".
    #[cold]
    pub fn new(
        expected: impl Into<Cow<'static, str>>,
        found: impl Into<Cow<'static, str>>,
    ) -> Self {
        let (expected, found) = (expected.into(), found.into());
        Self(Box::new(Mismatch { expected, found, within: Vec::new() }))
    }

    /// Adds the place where it stood, as in "field `id` of Job".
    #[must_use]
    #[cold]
    pub fn within(mut self, place: impl Into<Cow<'static, str>>) -> Self {
        self.0.within.push(place.into());
        self
    }

    /// Adds that it stood in the element of this number, the first being 0.
    #[must_use]
    #[cold]
    pub fn at(self, index: usize) -> Self {
        self.within(format!("element {index}"))
    }

    /// What was wanted.
    pub fn expected(&self) -> &str {
        &self.0.expected
    }

    /// What stood there.
    pub fn found(&self) -> &str {
        &self.0.found
    }

    /// The places around it, the innermost first.
    pub fn places(&self) -> impl Iterator<Item = &str> {
        self.0.within.iter().map(|place| &**place)
    }
}

impl fmt::Display for WrongType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mismatch { expected, found, within } = &*self.0;
        write!(f, "expected {expected}, found {found}")?;
        within.iter().try_for_each(|place| write!(f, ", in {place}"))
    }
}

impl std::error::Error for WrongType {}

/// Why something cannot be sent. Nothing of it has been, then.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Unsendable {
    /// It is heavier than the peer reads.
    #[error(
        "the object weighs {weight} octets or more, and the peer reads {limit} (its \
         `Limits::object_weight`)"
    )]
    TooLarge {
        /// The weight when the limit was passed.
        weight: u64,
        /// The peer's limit.
        limit: u64,
    },
    /// It nests deeper than the peer reads.
    #[error(
        "the object nests deeper than the {limit} levels that the peer reads (its `Limits::depth`)"
    )]
    TooDeep {
        /// The peer's limit.
        limit: u32,
    },
    /// The peer's dialect has nothing for this type.
    #[error("{type_name} cannot be sent to this peer: {remedy}")]
    Dialect {
        /// The type.
        type_name: &'static str,
        /// What can be done.
        remedy: &'static str,
    },
    /// A character that Latin-1 lacks, to a peer that reads no other.
    #[error("{character:?} cannot be sent to a peer that reads Latin-1")]
    Character {
        /// The character.
        character: char,
    },
    /// More arguments or values than one call carries.
    #[error("{count} arguments or values, where 255 is the most")]
    TooMany {
        /// How many.
        count: usize,
    },
    /// A call in the place of a value stands where the peer evaluates none: in an answer, or by
    /// itself.
    #[error(
        "a call can stand only among the arguments of another, where the peer evaluates it, and \
         not in a value"
    )]
    CallElsewhere,
    /// A call stands among arguments behind another one, and the wire is of the classic dialect.
    /// [`Wire::allow_leftover_calls`](crate::Wire::allow_leftover_calls) tells more.
    #[error(
        "a call stands here behind another among the arguments, and the wire is of the classic \
         dialect: an unmodified CMUCL that unwinds in the first runs the rest as calls of their \
         own; make them one after the other, or call by the handle that \
         `wire.allow_leftover_calls()` gives"
    )]
    LeftoverCall,
    /// An argument of a call among the arguments cannot be sent.
    #[error("argument {} of {function}: {error}", argument + 1)]
    Argument {
        /// The function of the call among the arguments.
        function: Cow<'static, str>,
        /// The argument's index in that call.
        argument: usize,
        /// What is wrong with it.
        error: Box<Self>,
    },
    /// An item of the untagged data behind a call cannot be sent.
    #[error("item {} of the untagged data: {error}", item + 1)]
    Data {
        /// The item's index in its [`RawOutput`](crate::RawOutput).
        item: usize,
        /// What is wrong with it.
        error: Box<Self>,
    },
    /// A `ToWire` wrote more objects than one, or none.
    #[error("a ToWire implementation did not write exactly one object")]
    NotOneObject,
    /// What a `ToWire` itself says.
    #[error("{0}")]
    Said(Box<str>),
}

impl Unsendable {
    /// For a `ToWire` that cannot write its value, with the reason.
    #[cold]
    pub fn said(reason: impl fmt::Display) -> Self {
        Self::Said(reason.to_string().into())
    }

    /// What is wrong, without the calls and the data that it stands in.
    ///
    /// ```
    /// use wire::Unsendable;
    ///
    /// let odd = Unsendable::said("it is odd");
    /// let within =
    ///     Unsendable::Argument { function: "HALF".into(), argument: 0, error: odd.clone().into() };
    /// assert_eq!(within.to_string(), "argument 1 of HALF: it is odd");
    /// assert_eq!(within.cause(), &odd);
    /// ```
    pub fn cause(&self) -> &Self {
        let mut cause = self;
        while let Self::Argument { error, .. } | Self::Data { error, .. } = cause {
            cause = error;
        }
        cause
    }
}
