//! Remote objects.

use std::any::{Any, TypeId, type_name};
use std::borrow::Cow;

use crate::codec::{Decoder, Encoder, Unsendable, WrongType};
use crate::convert::{FromWire, NeverNil, ToWire, expecting, short_name};
use crate::object::{ObjectError, Opaque, Remote};

impl<T> ToWire for Remote<T> {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        out.remote(self)
    }
}

impl<T: Any + Send + Sync> FromWire for Remote<T> {
    fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
        let remote = input.remote().map_err(expecting::<Self>)?.typed::<T>();
        // Of a foreign object only its owner knows the type; of a forgotten one, nobody does.
        if let Err(ObjectError::WrongType { found, .. }) = remote.value() {
            if TypeId::of::<T>() != TypeId::of::<Opaque>() {
                let found = format!("a remote object of type {}", short_name(found));
                return Err(WrongType::new(Self::expected(), found));
            }
        }
        Ok(remote)
    }

    fn expected() -> Cow<'static, str> {
        match &*short_name(type_name::<T>()) {
            "Opaque" => Cow::Borrowed("Remote"),
            name => Cow::Owned(format!("Remote<{name}>")),
        }
    }
}

impl<D, T> NeverNil<D> for Remote<T> {}
