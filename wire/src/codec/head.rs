//! What a top-level object is, for the layer that acts on it.

use crate::codec::header::{Body, Header, compact_call, four, varint};
use crate::codec::op::Op;
use crate::codec::received::Received;
use crate::codec::text::{SymbolParts, SymbolRef};

/// What one scanned top-level object is.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Head<'a> {
    /// A call in CMUCL's form.
    Funcall {
        /// What is called.
        function: FunctionRef<'a>,
        /// How many arguments.
        argc: u8,
        /// The arguments, one after another.
        args: &'a [u8],
    },
    /// A compact call.
    Call {
        /// How many values are wanted: 0 none, 1 to 5, or 6 for all.
        want: u8,
        /// What its answer will name; 0 if no value is wanted.
        id: u32,
        /// What is called.
        function: FunctionRef<'a>,
        /// How many arguments.
        argc: u8,
        /// The arguments, one after another.
        args: &'a [u8],
    },
    /// The values of a compact call.
    Return {
        /// The call's id.
        id: u32,
        /// How many values.
        n: u8,
        /// The values, one after another.
        values: &'a [u8],
    },
    /// The unwinding of a compact call.
    Unwound {
        /// The call's id.
        id: u32,
        /// The reason, one object.
        reason: &'a [u8],
    },
    /// The peer holds an object of ours no more.
    Release {
        /// The object's id.
        object: u32,
        /// How often the peer had received it.
        count: u32,
    },
    /// The peer wants a call's values no more.
    Cancel {
        /// The call's id.
        id: u32,
    },
    /// A sign of life is asked for.
    Ping {
        /// What the answer bears.
        cookie: u32,
    },
    /// A sign of life.
    Pong {
        /// That of the ping.
        cookie: u32,
    },
    /// The peer's last object.
    Goodbye {
        /// Why, one object, a string.
        reason: &'a [u8],
    },
    /// Anything else: an object that calls nothing.
    Object(&'a [u8]),
}

/// What is called.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum FunctionRef<'a> {
    /// The symbol at an index of [`Received`], which has a place for what it means.
    Index(u32),
    /// A symbol that is not kept.
    Named(SymbolRef<'a>),
    /// No symbol; scanned bytes have none such.
    Unreadable,
}

impl<'a> Head<'a> {
    /// Reads `input`, one top-level object as [`Scanner`](crate::codec::Scanner) found it. A call
    /// that is saved is that call.
    pub fn read(input: &'a [u8], received: &'a Received) -> Self {
        let mut saved = input;
        while let [10, _, _, _, _, rest @ ..] = saved {
            saved = rest;
        }
        Self::try_read(saved, received).unwrap_or(Self::Object(input))
    }

    #[inline]
    fn compact(input: &'a [u8], received: &'a Received) -> Option<Self> {
        let (len, body) = compact_call(input).ok()?;
        let Body::Call { want, id, function, argc } = body else { return None };
        let rest = input.get(len..)?;
        let (function, args) = match function.checked_sub(1) {
            Some(index) => (FunctionRef::Index(index), rest),
            None => FunctionRef::read(rest, received),
        };
        Some(Self::Call { want, id, function, argc, args })
    }

    fn try_read(input: &'a [u8], received: &'a Received) -> Option<Self> {
        // By far the most are these.
        if let [22, ..] = input {
            return Self::compact(input, received);
        }
        let Header { op, len, body } = Header::read(input).ok()?;
        let rest = input.get(len..)?;
        // The fixed part is whole, so these readings cannot fail.
        let id = || varint(input, 1).ok().map(|(id, _)| id);
        Some(match (op, body) {
            (_, Body::Function { argc }) => {
                let (function, args) = FunctionRef::read(rest, received);
                Self::Funcall { function, argc, args }
            }
            (Op::Return, _) => Self::Return { id: id()?, n: input[len - 1], values: rest },
            (Op::Unwound, _) => Self::Unwound { id: id()?, reason: rest },
            (Op::Release, _) => {
                let (count, _) = varint(input, 5).ok()?;
                Self::Release { object: four(input, 1).ok()?, count }
            }
            (Op::Cancel, _) => Self::Cancel { id: id()? },
            (Op::Ping, _) => Self::Ping { cookie: four(input, 1).ok()? },
            (Op::Pong, _) => Self::Pong { cookie: four(input, 1).ok()? },
            (Op::Goodbye, _) => Self::Goodbye { reason: rest },
            _ => return None,
        })
    }
}

impl<'a> FunctionRef<'a> {
    /// Its symbol; `None` if it has none, or none that was kept. Octets of a name that are no text
    /// are replaced.
    ///
    /// ```
    /// use wire::Limits;
    /// use wire::codec::{Head, Received, Text};
    ///
    /// let received = Received::new(&Limits::default(), Text::Utf8);
    /// let call = b"\0\x09\0\0\0\x04BEEP\0\0\0\x07HEMLOCK";
    /// let Head::Funcall { function, .. } = Head::read(call, &received) else { panic!() };
    /// assert!(function.symbol(&received).is_some_and(|symbol| symbol.is("BEEP", "HEMLOCK")));
    /// ```
    pub fn symbol(&self, received: &'a Received) -> Option<SymbolRef<'a>> {
        match self {
            Self::Index(index) => received.symbol(*index),
            Self::Named(symbol) => Some(symbol.clone()),
            Self::Unreadable => None,
        }
    }

    /// The function that `input` begins with, and what follows it.
    pub(crate) fn read(mut input: &'a [u8], received: &'a Received) -> (Self, &'a [u8]) {
        let mut saved = None;
        while let Ok(Header { len, body, .. }) = Header::read(input) {
            match body {
                Body::Save(index) => {
                    saved = Some(index);
                    input = &input[len..];
                }
                Body::Lookup(index) => return (Self::Index(index), &input[len..]),
                Body::Symbol { .. } => return Self::read_symbol(input, saved, received),
                _ => break,
            }
        }
        (Self::Unreadable, input)
    }

    fn read_symbol(
        input: &'a [u8],
        saved: Option<u32>,
        received: &'a Received,
    ) -> (Self, &'a [u8]) {
        let Some((parts, rest)) = SymbolParts::read(input) else {
            return (Self::Unreadable, input);
        };
        match saved.filter(|&index| received.kept(index).is_some_and(|kept| kept.is_symbol)) {
            Some(index) => (Self::Index(index), rest),
            None => (Self::Named(parts.lossy(received.text())), rest),
        }
    }
}
