//! Strings, characters and symbols.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use crate::codec::{Atom, Decoder, Encoder, FlatDecoder, FlatEncoder, Unsendable, WrongType};
use crate::convert::{FromWire, NeverNil, ToWire, expecting};
use crate::value::Symbol;

impl ToWire for str {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        out.string(self)
    }

    #[inline]
    fn atom(&self) -> Option<Atom<'_>> {
        Some(Atom::Text(self))
    }

    #[inline]
    fn flat_to_wire(&self, out: &mut FlatEncoder<'_>) -> Option<()> {
        out.string(self)
    }
}

impl<D> NeverNil<D> for str {}

impl ToWire for String {
    #[inline]
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        out.string(self)
    }

    #[inline]
    fn atom(&self) -> Option<Atom<'_>> {
        self.as_str().atom()
    }

    #[inline]
    fn flat_to_wire(&self, out: &mut FlatEncoder<'_>) -> Option<()> {
        self.as_str().flat_to_wire(out)
    }
}

impl<D> NeverNil<D> for String {}

macro_rules! strings {
    ($($string:ty),*) => {
        $(
            impl FromWire for $string {
                fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
                    match input.string() {
                        // Not `into` of both at once, which is a call into std.
                        Ok(Cow::Borrowed(text)) => Ok(text.into()),
                        Ok(Cow::Owned(text)) => Ok(text.into()),
                        Err(error) => Err(expecting::<String>(error)),
                    }
                }

                #[inline]
                fn flat_from_wire(input: &mut FlatDecoder<'_>) -> Option<Self> {
                    input.string().map(Self::from)
                }

                fn expected() -> Cow<'static, str> {
                    Cow::Borrowed("String")
                }
            }
        )*
    };
}

strings!(String, Box<str>, Rc<str>, Arc<str>);

impl FromWire for Cow<'static, str> {
    fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
        String::from_wire(input).map(Cow::Owned)
    }

    fn expected() -> Cow<'static, str> {
        String::expected()
    }
}

/// A string of one character.
impl ToWire for char {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        out.string(self.encode_utf8(&mut [0; 4]))
    }
}

impl FromWire for char {
    fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
        let text = input.string().map_err(expecting::<Self>)?;
        let mut letters = text.chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) => Ok(letter),
            _ => {
                let count = text.chars().count();
                Err(WrongType::new("char", format!("a string of {count} characters")))
            }
        }
    }
}

impl<D> NeverNil<D> for char {}

impl ToWire for Symbol {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        out.symbol(self.name(), self.package())
    }
}

impl FromWire for Symbol {
    fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
        if input.is_nil() {
            input.skip()?;
            return Ok(Self::nil());
        }
        let symbol = input.symbol().map_err(expecting::<Self>)?;
        Ok(Self::new(&symbol.name, &symbol.package))
    }

    fn nil() -> Option<Self> {
        Some(Self::nil())
    }
}
