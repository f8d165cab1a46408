//! The types that `NIL` and `T` are: `bool`, `()` and `Option`.

use std::borrow::Cow;

use crate::codec::{Decoder, Encoder, FlatDecoder, FlatEncoder, Unsendable, WrongType};
use crate::convert::{FromWire, Inward, NeverNil, Outward, ToWire, expecting};

impl ToWire for bool {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        out.boolean(*self)
    }

    #[inline]
    fn flat_to_wire(&self, out: &mut FlatEncoder<'_>) -> Option<()> {
        out.boolean(*self)
    }
}

/// `T` and `NIL` only: what else Lisp takes for true is more likely a mistake of the caller's.
impl FromWire for bool {
    fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
        if input.is_nil() {
            return input.skip().map(|()| false);
        }
        let symbol = input.symbol().map_err(expecting::<Self>)?;
        if symbol.name == "T" && symbol.package == "COMMON-LISP" {
            return Ok(true);
        }
        Err(WrongType::new("bool", format!("the symbol {symbol}")))
    }

    #[inline]
    fn flat_from_wire(input: &mut FlatDecoder<'_>) -> Option<Self> {
        input.boolean()
    }

    fn nil() -> Option<Self> {
        Some(false)
    }
}

impl ToWire for () {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        out.nil()
    }
}

impl FromWire for () {
    fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
        if input.is_nil() { input.skip() } else { Err(input.wrong("NIL")) }
    }

    fn nil() -> Option<Self> {
        Some(())
    }
}

impl<T: NeverNil<Outward> + ToWire> ToWire for Option<T> {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        match self {
            Some(value) => value.to_wire(out),
            None => out.nil(),
        }
    }

    #[inline]
    fn flat_to_wire(&self, out: &mut FlatEncoder<'_>) -> Option<()> {
        match self {
            Some(value) => value.flat_to_wire(out),
            None => out.boolean(false),
        }
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: FromWire + NeverNil<Inward>> FromWire for Option<T> {
    fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
        if input.is_nil() {
            return input.skip().map(|()| None);
        }
        T::from_wire(input).map(Some)
    }

    #[inline]
    fn flat_from_wire(input: &mut FlatDecoder<'_>) -> Option<Self> {
        if input.nil() { Some(None) } else { T::flat_from_wire(input).map(Some) }
    }

    fn nil() -> Option<Self> {
        Some(None)
    }

    fn expected() -> Cow<'static, str> {
        Cow::Owned(format!("{} or NIL", T::expected()))
    }
}
