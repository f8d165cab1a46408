//! References and boxes, which are on the wire what they point to.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use crate::codec::{Atom, Decoder, Encoder, FlatDecoder, FlatEncoder, Unsendable, WrongType};
use crate::convert::{FromWire, NeverNil, ToWire};

macro_rules! to_wire_through {
    ($([$($generics:tt)*] $pointer:ty),* $(,)?) => {
        $(
            impl<$($generics)*> ToWire for $pointer {
                fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
                    (**self).to_wire(out)
                }

                fn atom(&self) -> Option<Atom<'_>> {
                    (**self).atom()
                }

                #[inline]
                fn flat_to_wire(&self, out: &mut FlatEncoder<'_>) -> Option<()> {
                    (**self).flat_to_wire(out)
                }

                fn is_absent(&self) -> bool {
                    (**self).is_absent()
                }

                fn values_len(&self) -> usize {
                    (**self).values_len()
                }

                fn value_to_wire(
                    &self,
                    index: usize,
                    out: &mut Encoder<'_>,
                ) -> Result<(), Unsendable> {
                    (**self).value_to_wire(index, out)
                }
            }
        )*
    };
}

to_wire_through! {
    [T: ToWire + ?Sized] &T,
    [T: ToWire + ?Sized] &mut T,
    [T: ToWire + ?Sized] Box<T>,
    [T: ToWire + ?Sized] Rc<T>,
    [T: ToWire + ?Sized] Arc<T>,
    [T: ToWire + ToOwned + ?Sized] Cow<'_, T>,
}

macro_rules! from_wire_through {
    ($($pointer:ident),*) => {
        $(
            impl<T: FromWire> FromWire for $pointer<T> {
                fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
                    T::from_wire(input).map(Self::new)
                }

                #[inline]
                fn flat_from_wire(input: &mut FlatDecoder<'_>) -> Option<Self> {
                    T::flat_from_wire(input).map(Self::new)
                }

                fn nil() -> Option<Self> {
                    T::nil().map(Self::new)
                }

                fn expected() -> Cow<'static, str> {
                    T::expected()
                }
            }
        )*
    };
}

from_wire_through!(Box, Rc, Arc);

impl<D, T: NeverNil<D> + ?Sized> NeverNil<D> for &T {}
impl<D, T: NeverNil<D> + ?Sized> NeverNil<D> for &mut T {}
impl<D, T: NeverNil<D> + ?Sized> NeverNil<D> for Box<T> {}
impl<D, T: NeverNil<D> + ?Sized> NeverNil<D> for Rc<T> {}
impl<D, T: NeverNil<D> + ?Sized> NeverNil<D> for Arc<T> {}
impl<D, T: NeverNil<D> + ToOwned + ?Sized> NeverNil<D> for Cow<'_, T> {}
