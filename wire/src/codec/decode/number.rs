//! Numbers.

use num_bigint::{BigInt, BigUint, Sign};

use crate::codec::decode::{Decoder, Kind, OBJECTS};
use crate::codec::error::WrongType;
use crate::codec::header::element_size;
use crate::codec::op::Op;

/// An integer of any size.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Number<'a> {
    /// One that fits.
    Small(i64),
    /// One that does not.
    Big {
        /// Whether it is below zero.
        negative: bool,
        /// Its magnitude: 32-bit words, most significant first, the first not 0, as octets.
        words: &'a [u8],
    },
}

impl Number<'_> {
    fn from_words(negative: bool, words: &[u8]) -> Number<'_> {
        let zeros = words.chunks_exact(4).take_while(|word| *word == [0; 4]).count();
        let words = &words[4 * zeros..];
        let number = Number::Big { negative, words };
        match number.to_i128().map(i64::try_from) {
            Some(Ok(small)) => Number::Small(small),
            _ => number,
        }
    }

    /// The integer, if it fits.
    pub fn to_i128(self) -> Option<i128> {
        match self {
            Self::Small(small) => Some(small.into()),
            Self::Big { negative, words } => {
                if words.len() > 16 {
                    return None;
                }
                let magnitude =
                    words.iter().fold(0_u128, |value, &octet| value << 8 | u128::from(octet));
                match negative {
                    true => 0_i128.checked_sub_unsigned(magnitude),
                    false => magnitude.try_into().ok(),
                }
            }
        }
    }

    /// The integer, if it is not negative and fits.
    pub fn to_u128(self) -> Option<u128> {
        match self {
            Self::Small(small) => small.try_into().ok(),
            Self::Big { negative: false, words } if words.len() <= 16 => {
                Some(words.iter().fold(0, |value, &octet| value << 8 | u128::from(octet)))
            }
            Self::Big { .. } => None,
        }
    }

    /// The integer.
    pub fn to_bigint(self) -> BigInt {
        match self {
            Self::Small(small) => small.into(),
            Self::Big { negative, words } => {
                let sign = if negative { Sign::Minus } else { Sign::Plus };
                BigInt::from_biguint(sign, BigUint::from_bytes_be(words))
            }
        }
    }
}

impl<'a> Decoder<'a> {
    /// Reads an integer of 64 bits.
    ///
    /// # Errors
    /// Something else stands there, or a larger one.
    #[inline]
    pub fn integer(&mut self) -> Result<i64, WrongType> {
        let before = self.input;
        match self.number()? {
            Number::Small(small) => Ok(small),
            Number::Big { .. } => {
                self.input = before;
                Err(self.wrong("an integer of 64 bits"))
            }
        }
    }

    /// Reads an integer of any size.
    ///
    /// # Errors
    /// Something else stands there.
    #[inline]
    pub fn number(&mut self) -> Result<Number<'a>, WrongType> {
        match self.try_number() {
            Some(number) => Ok(number),
            None => Err(self.wrong("an integer")),
        }
    }

    #[inline]
    pub(super) fn try_number(&mut self) -> Option<Number<'a>> {
        match self.plain_integer() {
            Some(small) => Some(Number::Small(small.into())),
            None => self.try_other_number(),
        }
    }

    /// An integer of at most 32 bits that is neither packed nor was ever saved.
    #[inline]
    pub(crate) fn plain_integer(&mut self) -> Option<i32> {
        let (small, rest) = match self.input {
            [7, a, b, c, d, rest @ ..] => (i32::from_be_bytes([*a, *b, *c, *d]), rest),
            [19, small, rest @ ..] => (i32::from(*small as i8), rest),
            _ => return None,
        };
        if self.element != OBJECTS {
            return None;
        }
        self.input = rest;
        Some(small)
    }

    /// The number there, saved, looked up, packed, or of many words.
    fn try_other_number(&mut self) -> Option<Number<'a>> {
        if self.element != OBJECTS {
            return self.packed_integer();
        }
        if let Some(&octets) = self.fixed(Op::Number) {
            return Some(Number::Small(i32::from_be_bytes(octets).into()));
        }
        if let Some(&octets) = self.fixed(Op::Small) {
            return Some(Number::Small(i8::from_be_bytes(octets).into()));
        }
        self.bignum()
    }

    fn bignum(&mut self) -> Option<Number<'a>> {
        let here = self.here();
        let rest = here.object.strip_prefix(&[Op::Bignum.byte()])?;
        let (count, rest) = rest.split_first_chunk::<4>()?;
        let count = i32::from_be_bytes(*count);
        let octets = usize::try_from(count.unsigned_abs()).ok()?.checked_mul(4)?;
        let (words, rest) = rest.split_at_checked(octets)?;
        self.input = here.after.unwrap_or(rest);
        Some(Number::from_words(count < 0, words))
    }

    /// Reads a float of 64 bits, or one of 32, which loses nothing.
    ///
    /// # Errors
    /// Something else stands there.
    #[inline]
    pub fn double(&mut self) -> Result<f64, WrongType> {
        self.try_double().ok_or_else(|| self.wrong("a float"))
    }

    /// Reads a float of 32 bits.
    ///
    /// # Errors
    /// Something else stands there.
    #[inline]
    pub fn single(&mut self) -> Result<f32, WrongType> {
        self.try_single().ok_or_else(|| self.wrong("a single-float"))
    }

    #[inline]
    pub(crate) fn try_double(&mut self) -> Option<f64> {
        match self.plain_fixed(Op::Double) {
            Some(octets) => Some(f64::from_be_bytes(*octets)),
            None => self.try_other_double(),
        }
    }

    fn try_other_double(&mut self) -> Option<f64> {
        if let Some(&octets) = self.fixed(Op::Double) {
            return Some(f64::from_be_bytes(octets));
        }
        if self.element == 10 {
            return self.take_packed().map(f64::from_be_bytes);
        }
        self.try_single().map(f64::from)
    }

    #[inline]
    pub(crate) fn try_single(&mut self) -> Option<f32> {
        if let Some(&octets) = self.fixed(Op::Single) {
            return Some(f32::from_be_bytes(octets));
        }
        if self.element == 9 { self.take_packed().map(f32::from_be_bytes) } else { None }
    }

    /// What packed elements are.
    pub(super) fn packed_kind(&self) -> Kind {
        let size = element_size(self.element).unwrap_or(0) as usize;
        match self.element {
            _ if self.input.len() < size => Kind::End,
            9 => Kind::Single,
            10 => Kind::Double,
            _ => Kind::Integer,
        }
    }

    fn packed_integer(&mut self) -> Option<Number<'a>> {
        let integer = match self.element {
            1 => self.take_packed().map(|octets| i8::from_be_bytes(octets).into()),
            2 => self.take_packed().map(|octets| i16::from_be_bytes(octets).into()),
            3 => self.take_packed().map(|octets| i32::from_be_bytes(octets).into()),
            4 => self.take_packed().map(i64::from_be_bytes),
            5 => self.take_packed().map(|octets| u8::from_be_bytes(octets).into()),
            6 => self.take_packed().map(|octets| u16::from_be_bytes(octets).into()),
            7 => self.take_packed().map(|octets| u32::from_be_bytes(octets).into()),
            8 => return self.packed_u64(),
            _ => None,
        };
        integer.map(Number::Small)
    }

    fn packed_u64(&mut self) -> Option<Number<'a>> {
        let (words, rest) = self.input.split_at_checked(8)?;
        self.input = rest;
        Some(Number::from_words(false, words))
    }

    fn take_packed<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (octets, rest) = self.input.split_first_chunk()?;
        self.input = rest;
        Some(*octets)
    }
}
