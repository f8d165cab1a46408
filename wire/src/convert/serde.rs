//! An adapter for the types that serde knows.

mod error;
mod name;
mod read;
mod write;

use std::any::type_name;
use std::borrow::Cow;

use ::serde::Serialize;
use ::serde::de::DeserializeOwned;

use crate::codec::{Decoder, Encoder, Op, Unsendable, WrongType};
use crate::convert::{FromWire, ToWire, short_name};
use crate::value::Value;

/// Carries any type that implements serde's traits, with the feature `serde`.
///
/// The shapes are those that the derives have: a struct is a property list with keyword keys, an
/// enum a keyword or a list headed by one, a map an alist, a sequence a list, `None` is `NIL`.
/// Names become Lisp's, `user_id` and `userId` both `USER-ID`. Unknown fields are ignored.
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use wire::Serde;
///
/// #[derive(Serialize, Deserialize)]
/// struct Job { id: u32, command: String }      // (:ID 7 :COMMAND "make")
///
/// # fn sends<T: wire::ToWire + wire::FromWire>(_: T) {}
/// sends(Serde(Job { id: 7, command: "make".into() }));
/// ```
///
/// ## What serde cannot say
/// `Some` of what is itself `NIL` (`false`, an empty list) would be read as `None`; it is an error
/// when it is sent. Byte strings go as lists of integers to a peer that reads no octets. A type
/// that takes anything and looks at it later (untagged and internally tagged enums, `flatten`)
/// finds `NIL` as a unit, so that `false` and empty lists inside of it are not read back, and a
/// property list as a map with keys in `snake_case`.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[expect(clippy::exhaustive_structs, reason = "it is written as `Serde(value)`")]
pub struct Serde<T>(pub T);

impl<T: Serialize> ToWire for Serde<T> {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        let octets = out.reads(Op::Octets);
        let written = self.0.serialize(write::Writer { octets }).map_err(Unsendable::said)?;
        written.value.to_wire(out)
    }
}

impl<T: DeserializeOwned> FromWire for Serde<T> {
    fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
        let value = Value::from_wire(input)?;
        T::deserialize(read::Reader(value)).map(Self).map_err(WrongType::from)
    }

    fn nil() -> Option<Self> {
        T::deserialize(read::Reader(Value::Nil)).ok().map(Self)
    }

    fn expected() -> Cow<'static, str> {
        short_name(type_name::<T>())
    }
}
