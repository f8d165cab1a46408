//! Values made of Rust's own.

use std::sync::Arc;

use bytes::Bytes;
use num_bigint::{BigInt, BigUint};

use crate::object::Remote;
use crate::value::{Elements, List, Symbol, Value};

macro_rules! from_integer {
    ($($small:ty)* ; $($wide:ty)*) => {
        $(
            impl From<$small> for Value {
                fn from(integer: $small) -> Self {
                    Self::Integer(i64::from(integer))
                }
            }
        )*
        $(
            impl From<$wide> for Value {
                fn from(integer: $wide) -> Self {
                    match i64::try_from(integer) {
                        Ok(integer) => Self::Integer(integer),
                        Err(_) => Self::Bignum(Arc::new(BigInt::from(integer))),
                    }
                }
            }
        )*
    };
}

from_integer!(i8 i16 i32 i64 u8 u16 u32 ; isize i128 u64 usize u128);

macro_rules! from_plain {
    ($($type:ty, $value:ident => $made:expr;)*) => {
        $(
            impl From<$type> for Value {
                fn from($value: $type) -> Self {
                    $made
                }
            }
        )*
    };
}

from_plain! {
    BigUint, big => Self::from(BigInt::from(big));
    f32, single => Self::Single(single);
    f64, double => Self::Double(double);
    bool, truth => if truth { Self::t() } else { Self::Nil };
    (), _nothing => Self::Nil;
    char, letter => Self::String(letter.encode_utf8(&mut [0; 4]).into());
    &str, text => Self::String(text.into());
    String, text => Self::String(text.into());
    Arc<str>, text => Self::String(text);
    Bytes, octets => Self::Octets(octets.as_ref().into());
    Symbol, symbol => if symbol.is_nil() { Self::Nil } else { Self::Symbol(symbol) };
    List, list => if list.is_empty() { Self::Nil } else { Self::List(list) };
    Elements, elements => Self::Vector(elements);
}

impl From<BigInt> for Value {
    fn from(big: BigInt) -> Self {
        match i64::try_from(&big) {
            Ok(integer) => Self::Integer(integer),
            Err(_) => Self::Bignum(Arc::new(big)),
        }
    }
}

impl<T> From<Remote<T>> for Value {
    fn from(remote: Remote<T>) -> Self {
        Self::Remote(Arc::new(remote.untyped()))
    }
}

/// A list.
impl<T: Into<Self>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Self::list(items)
    }
}

/// A list.
impl<T: Into<Self>, const N: usize> From<[T; N]> for Value {
    fn from(items: [T; N]) -> Self {
        Self::list(items)
    }
}

/// `None` is `NIL`.
impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Nil, Into::into)
    }
}
