//! What Rust's types are on the wire.
//!
//! Typed code reads its arguments straight off the bytes and writes its values straight into the
//! buffer; no tree of [`Value`]s stands between.

mod cached;
mod collection;
pub(crate) mod derived;
mod map;
mod number;
mod option;
mod pointer;
mod remote;
#[cfg(feature = "serde")]
mod serde;
#[cfg(test)]
pub(crate) mod tests;
mod text;
mod time;
mod tuple;
mod value;
mod values;

use std::any::type_name;
use std::borrow::Cow;

use bytes::BytesMut;

use crate::codec::{
    Atom, Decoder, Encoder, FlatDecoder, FlatEncoder, Form, NoTokens, PeerProfile, Received, Text,
    Unsendable, WrongType,
};
use crate::limits::Limits;
use crate::value::Value;

pub use cached::Cached;
pub use collection::Vector;
#[cfg(feature = "serde")]
pub use serde::Serde;
pub use values::{FromValues, ValuesDecoder};

/// A type that can be sent over a wire.
///
/// Derived for structs and enums, and implemented for Rust's own types as
/// [what crosses](crate#what-crosses) has it.
///
/// A tuple is several values where a function returns it, and a list anywhere else. Lists of
/// numbers are packed between peers that both know that, and mean the same.
///
/// A type that does it by hand writes exactly one object:
///
/// ```
/// use wire::{Encoder, ToWire, Unsendable};
///
/// struct Celsius(i32);
///
/// impl ToWire for Celsius {
///     fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
///         out.integer(i64::from(self.0))
///     }
/// }
/// ```
///
/// It runs while the wire is locked, so it must not wait for anything. When it fails, or panics,
/// nothing of the call is sent.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent over a wire",
    label = "this is not `ToWire`",
    note = "derive it where the type is defined: `#[derive(wire::ToWire)]`",
    note = "a type of serde's goes as `wire::Serde(value)`, with the feature `serde`"
)]
pub trait ToWire {
    /// Writes the value as one object.
    ///
    /// # Errors
    /// [`Unsendable`] if the peer's dialect has nothing for it, or it is too large for the peer.
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable>;

    /// The value, if it is one number or one string and [`to_wire`](Self::to_wire) writes just that:
    /// then a call can be appended without an encoder.
    #[doc(hidden)]
    #[inline]
    fn atom(&self) -> Option<Atom<'_>> {
        None
    }

    /// Whether a property list leaves the property out.
    #[doc(hidden)]
    fn is_absent(&self) -> bool {
        false
    }

    /// Writes an element of a list that nothing but numbers, strings and records of them are; `None`,
    /// and it means nothing what was written, if that is left to [`to_wire`](Self::to_wire).
    #[doc(hidden)]
    #[inline]
    fn flat_to_wire(&self, _: &mut FlatEncoder<'_>) -> Option<()> {
        None
    }

    /// Writes the list or vector of these; numbers pack it.
    #[doc(hidden)]
    fn slice_to_wire(items: &[Self], form: Form, out: &mut Encoder<'_>) -> Result<(), Unsendable>
    where
        Self: Sized,
    {
        collection::write_items(items.len(), items, form, out)
    }

    /// How many values this is when a function returns it.
    #[doc(hidden)]
    fn values_len(&self) -> usize {
        1
    }

    /// Writes one of the values that this is when a function returns it.
    #[doc(hidden)]
    fn value_to_wire(&self, index: usize, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        debug_assert_eq!(index, 0, "a type of one value");
        self.to_wire(out)
    }
}

/// A type that can be read off a wire.
///
/// Derived for structs and enums, and implemented for Rust's own types as they are
/// [sent](ToWire). Where `NIL` stands, types that have one read it: `false`, `()`, `None`, an
/// empty list or map. A number that does not fit its type is an error, and so is a list of the
/// wrong length for a tuple.
///
/// A type that does it by hand reads exactly one object:
///
/// ```
/// use wire::{Decoder, FromWire, WrongType};
///
/// struct Celsius(i32);
///
/// impl FromWire for Celsius {
///     fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
///         i32::from_wire(input).map(Celsius)
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read off a wire",
    label = "this is not `FromWire`",
    note = "derive it where the type is defined: `#[derive(wire::FromWire)]`",
    note = "a type of serde's is read as `wire::Serde<{Self}>`, with the feature `serde`",
    note = "what is read is owned: `String` rather than `&str`, `Vec<T>` rather than `&[T]`"
)]
pub trait FromWire: Sized {
    /// Reads one object.
    ///
    /// # Errors
    /// [`WrongType`] if what stands there is something else.
    fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType>;

    /// What `NIL` is as this type, if anything. It stands for values that are missing.
    fn nil() -> Option<Self> {
        None
    }

    /// Reads an element of a list that is nothing but numbers, strings and records of them; `None`, and
    /// it means nothing what was read, if that is left to [`from_wire`](Self::from_wire).
    #[doc(hidden)]
    #[inline]
    fn flat_from_wire(_: &mut FlatDecoder<'_>) -> Option<Self> {
        None
    }

    /// Reads a list of these; numbers read packed ones too.
    #[doc(hidden)]
    fn vec_from_wire(input: &mut Decoder<'_>) -> Result<Vec<Self>, WrongType> {
        collection::read_list(input)
    }

    /// What an error says was expected.
    #[doc(hidden)]
    fn expected() -> Cow<'static, str> {
        short_name(type_name::<Self>())
    }
}

/// A type that is never `NIL` on the wire, so that an `Option` of it can be.
///
/// `None` goes as `NIL`. If `Some` could go as `NIL` too, the peer could not tell which was meant;
/// so `Option<bool>`, `Option<Vec<T>>` and `Option<Option<T>>` do not compile where they would
/// cross. Derives implement this wherever it holds.
///
/// `D` is the direction: `ToWire` for an `Option` wants the one, `FromWire` the other, so that each
/// of the derives can speak for itself. A type that does both by hand says it for any:
///
/// ```
/// struct Celsius(i32);
///
/// impl<D> wire::NeverNil<D> for Celsius {}
/// ```
///
/// Code that is generic in what stands in the `Option` says so: `where Option<T>: ToWire`.
///
/// ```
/// # fn sends<T: wire::ToWire>(_: T) {}
/// sends(Some(5));
/// ```
/// ```compile_fail
/// # fn sends<T: wire::ToWire>(_: T) {}
/// sends(Some(false));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can itself be NIL, so an Option of it could not tell None from Some",
    label = "can be NIL",
    note = "send an enum, or a struct that holds it, instead of the Option; or, if `{Self}` is never NIL, say so: `impl<D> wire::NeverNil<D> for {Self} {{}}`"
)]
pub trait NeverNil<D> {}

/// What a type is when it is sent, as [`NeverNil`] has it.
#[expect(missing_debug_implementations, reason = "has no values")]
#[expect(clippy::exhaustive_enums, reason = "has no values")]
pub enum Outward {}

/// What a type is when it is read, as [`NeverNil`] has it.
#[expect(missing_debug_implementations, reason = "has no values")]
#[expect(clippy::exhaustive_enums, reason = "has no values")]
pub enum Inward {}

/// What a peer of the extended dialect would read as a [`Value`].
pub(crate) fn to_value(value: &dyn ToWire) -> Result<Value, Unsendable> {
    let (mut octets, peer) = (BytesMut::new(), PeerProfile::extended());
    let mut out = Encoder::new(&mut octets, None, &peer);
    value.to_wire(&mut out)?;
    out.finish()?;
    let nothing = Received::new(&Limits::default(), Text::Utf8);
    let mut input = Decoder::new(&octets, &nothing, Text::Utf8, &NoTokens);
    Value::from_wire(&mut input).map_err(Unsendable::said)
}

/// What a missing field, element or value is read as: the type's `NIL`, if it has one.
pub(crate) fn missing<T: FromWire>() -> Result<T, WrongType> {
    T::nil().ok_or_else(|| WrongType::new(T::expected(), "nothing"))
}

/// The same mistake with what was expected in words of the type that was asked for.
#[cold]
fn expecting<T: FromWire>(error: WrongType) -> WrongType {
    retitled(error, T::expected())
}

/// The same mistake with other words for what was expected.
#[cold]
fn retitled(error: WrongType, expected: impl Into<Cow<'static, str>>) -> WrongType {
    WrongType::new(expected, error.found().to_owned())
}

/// A type's name without the modules: `Vec<String>` for `alloc::vec::Vec<alloc::string::String>`.
fn short_name(name: &'static str) -> Cow<'static, str> {
    if !name.as_bytes().contains(&b':') {
        return Cow::Borrowed(name);
    }
    let mut short = String::with_capacity(name.len());
    for piece in name.split_inclusive(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | ':')) {
        short.push_str(piece.rsplit_once(':').map_or(piece, |(_, name)| name));
    }
    Cow::Owned(short)
}
