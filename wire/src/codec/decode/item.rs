//! One step at a time, for readers that build trees without recursion.

use std::borrow::Cow;

use crate::codec::decode::{Decoder, Kind, Number, OBJECTS};
use crate::codec::error::WrongType;
use crate::codec::header::{Body, Header};
use crate::codec::op::Op;
use crate::codec::text::SymbolRef;
use crate::object::Remote;

/// One object, or the head of one whose parts are to be read next.
#[derive(Debug)]
#[non_exhaustive]
pub enum Item<'a> {
    /// An integer.
    Integer(Number<'a>),
    /// A string.
    String(Cow<'a, str>),
    /// A symbol, `NIL` too.
    Symbol(SymbolRef<'a>),
    /// A float of 64 bits.
    Double(f64),
    /// A float of 32 bits.
    Single(f32),
    /// A byte string.
    Octets(&'a [u8]),
    /// A remote object.
    Remote(Remote),
    /// A cons: the car and the cdr follow.
    Cons,
    /// A list, or a vector: so many elements follow.
    Sequence {
        /// Whether it is a vector.
        vector: bool,
        /// How many.
        count: usize,
    },
    /// A list, or a vector, of numbers: they are read from `elements`, nothing follows.
    Packed {
        /// Whether it is a vector.
        vector: bool,
        /// How many.
        count: usize,
        /// Where they are read.
        elements: Decoder<'a>,
    },
    /// A record: its shape, a list of so many keywords, and as many values follow.
    Record {
        /// How many.
        fields: usize,
    },
    /// A lookup of what has parts: it is read from this, nothing follows.
    Lookup(Decoder<'a>),
}

impl<'a> Decoder<'a> {
    /// Reads one object without its parts.
    ///
    /// # Errors
    /// A call, or nothing that can be read, stands there.
    pub fn item(&mut self) -> Result<Item<'a>, WrongType> {
        Ok(match self.kind() {
            Kind::Integer => Item::Integer(self.number()?),
            Kind::String => Item::String(self.string()?),
            Kind::Single => Item::Single(self.single()?),
            Kind::Double => Item::Double(self.double()?),
            Kind::Octets => Item::Octets(self.octets()?),
            Kind::Remote => Item::Remote(self.remote()?),
            Kind::Symbol => Item::Symbol(self.symbol()?),
            Kind::Nil | Kind::List | Kind::Vector | Kind::Record => return self.compound(),
            Kind::Call | Kind::End => return Err(self.wrong("an object")),
        })
    }

    fn compound(&mut self) -> Result<Item<'a>, WrongType> {
        let here = self.here();
        if here.object.first() == Some(&Op::Symbol.byte()) {
            return self.symbol().map(Item::Symbol);
        }
        if let Some(after) = here.after {
            let entry = Decoder { input: here.object, ..self.clone() };
            self.input = after;
            return Ok(Item::Lookup(entry));
        }
        let wrong = || self.wrong("an object");
        let Header { op, len, body } = Header::read(here.object).map_err(|_| wrong())?;
        let rest = here.object.get(len..).unwrap_or_default();
        let vector = op == Op::Sequence && here.object[1] & 0x80 != 0;
        let (item, rest) = match (op, body) {
            (Op::Cons, _) => (Item::Cons, rest),
            (Op::Record, Body::Objects(count)) => {
                (Item::Record { fields: count as usize - 1 }, rest)
            }
            (_, Body::Objects(count)) => (Item::Sequence { vector, count: count as usize }, rest),
            (_, Body::Octets(octets)) => {
                let octets = usize::try_from(octets).map_err(|_| wrong())?;
                let (input, rest) = rest.split_at_checked(octets).ok_or_else(wrong)?;
                let element = here.object[1] & 0x7f;
                let elements = Decoder { input, element, ..self.clone() };
                let count = elements.packed_len();
                (Item::Packed { vector, count, elements }, rest)
            }
            _ => return Err(wrong()),
        };
        self.input = rest;
        debug_assert_eq!(self.element, OBJECTS);
        Ok(item)
    }
}
