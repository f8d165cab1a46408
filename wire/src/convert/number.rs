//! Integers and floats.

use num_bigint::{BigInt, BigUint};

use crate::codec::{
    Atom, Decoder, Element, Encoder, FlatDecoder, FlatEncoder, Form, Number, Unsendable, WrongType,
};
use crate::convert::{FromWire, NeverNil, ToWire, collection, expecting};

/// Reads an integer that `fit` can make a `T` of.
#[inline(never)]
fn integer<T: FromWire>(
    input: &mut Decoder<'_>,
    fit: impl FnOnce(Number<'_>) -> Option<T>,
) -> Result<T, WrongType> {
    let number = input.number().map_err(expecting::<T>)?;
    fit(number).ok_or_else(|| out_of_range::<T>(number))
}

#[cold]
fn out_of_range<T: FromWire>(number: Number<'_>) -> WrongType {
    WrongType::new(T::expected(), describe(number))
}

/// An integer in words, unless it has too many digits to be looked at.
fn describe(number: Number<'_>) -> String {
    match number {
        Number::Big { words, .. } if words.len() > 32 => {
            format!("an integer of {} bits", 8 * words.len())
        }
        _ => format!("the integer {}", number.to_bigint()),
    }
}

macro_rules! integers {
    ($($integer:ident $write:ident($wide:ident) $element:tt;)*) => {
        $(
            impl ToWire for $integer {
                #[inline]
                fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
                    out.$write(*self as $wide)
                }

                #[inline]
                fn atom(&self) -> Option<Atom<'_>> {
                    i32::try_from(*self).ok().map(Atom::Integer)
                }

                integers!(@flat $write $wide);
                integers!(@write $integer $element);
            }

            impl FromWire for $integer {
                #[inline]
                fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
                    // Nearly always it is one of few octets, as it stands.
                    if let Some(small) = input.plain_integer() {
                        let fit = Self::try_from(small);
                        return fit.map_err(|_| out_of_range::<Self>(Number::Small(small.into())));
                    }
                    integer(input, |number| match number {
                        Number::Small(small) => small.try_into().ok(),
                        big => big.to_i128()?.try_into().ok(),
                    })
                }

                #[inline]
                fn flat_from_wire(input: &mut FlatDecoder<'_>) -> Option<Self> {
                    input.integer()
                }

                integers!(@read $integer $element);
            }

            impl<D> NeverNil<D> for $integer {}
        )*
    };
    // What may have more than 64 bits is written in the long way.
    (@flat wide $wide:ident) => {};
    (@flat $write:ident $wide:ident) => {
        #[inline]
        fn flat_to_wire(&self, out: &mut FlatEncoder<'_>) -> Option<()> {
            out.$write(*self as $wide)
        }
    };
    (@write $integer:ident -) => {};
    (@read $integer:ident -) => {};
    (@write $integer:ident $element:ident) => {
        #[inline]
        fn slice_to_wire(
            items: &[Self],
            form: Form,
            out: &mut Encoder<'_>,
        ) -> Result<(), Unsendable> {
            collection::write_packed(items, form, Element::$element, Self::to_be_bytes, out)
        }
    };
    (@read $integer:ident $element:ident) => {
        #[inline]
        fn vec_from_wire(input: &mut Decoder<'_>) -> Result<Vec<Self>, WrongType> {
            collection::read_packed(input, Element::$element, Self::from_be_bytes)
        }
    };
}

integers! {
    i8 integer(i64) I8;
    i16 integer(i64) I16;
    i32 integer(i64) I32;
    i64 integer(i64) I64;
    isize integer(i64) -;
    u8 integer(i64) U8;
    u16 integer(i64) U16;
    u32 integer(i64) U32;
    u64 unsigned(u64) U64;
    usize unsigned(u64) -;
    i128 wide(i128) -;
}

impl ToWire for u128 {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        out.unsigned_wide(*self)
    }
}

impl FromWire for u128 {
    fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
        integer(input, |number| number.to_u128())
    }
}

impl<D> NeverNil<D> for u128 {}

impl ToWire for BigInt {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        out.bignum(self)
    }
}

impl FromWire for BigInt {
    fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
        integer(input, |number| Some(number.to_bigint()))
    }
}

impl<D> NeverNil<D> for BigInt {}

impl ToWire for BigUint {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        out.bignum(&BigInt::from(self.clone()))
    }
}

impl FromWire for BigUint {
    fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
        integer(input, |number| number.to_bigint().try_into().ok())
    }
}

impl<D> NeverNil<D> for BigUint {}

macro_rules! floats {
    ($($float:ident $method:ident $read:ident $element:ident $digits:literal $atom:ident;)*) => {
        $(
            /// Only between peers that both know floats.
            impl ToWire for $float {
                #[inline]
                fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
                    out.$method(*self)
                }

                #[inline]
                fn atom(&self) -> Option<Atom<'_>> {
                    Some(Atom::$atom(*self))
                }

                #[inline]
                fn flat_to_wire(&self, out: &mut FlatEncoder<'_>) -> Option<()> {
                    out.$method(*self)
                }

                #[inline]
                fn slice_to_wire(
                    items: &[Self],
                    form: Form,
                    out: &mut Encoder<'_>,
                ) -> Result<(), Unsendable> {
                    collection::write_packed(items, form, Element::$element, Self::to_be_bytes, out)
                }
            }

            /// An integer is read too, if the float is exactly that.
            impl FromWire for $float {
                #[inline]
                fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
                    if let Some(float) = input.$read() {
                        return Ok(float);
                    }
                    integer(input, |number| exact(number, $digits).map(|exact| exact as Self))
                }

                #[inline]
                fn flat_from_wire(input: &mut FlatDecoder<'_>) -> Option<Self> {
                    input.$method()
                }

                #[inline]
                fn vec_from_wire(input: &mut Decoder<'_>) -> Result<Vec<Self>, WrongType> {
                    collection::read_packed(input, Element::$element, Self::from_be_bytes)
                }
            }

            impl<D> NeverNil<D> for $float {}
        )*
    };
}

floats! {
    f32 single try_single F32 24 Single;
    f64 double try_double F64 53 Double;
}

/// The integer, if a float of so many binary digits is exactly that.
fn exact(number: Number<'_>, digits: u32) -> Option<i128> {
    let integer = number.to_i128()?;
    let magnitude = integer.unsigned_abs();
    // All 128 bits but the zeros at both ends; 0 has none but zeros.
    let zeros = magnitude.leading_zeros() + magnitude.trailing_zeros();
    (128_u32.saturating_sub(zeros) <= digits).then_some(integer)
}
