//! Integers of any size.

use num_bigint::{BigInt, Sign};

use crate::codec::encode::Encoder;
use crate::codec::encode::atom::length;
use crate::codec::error::Unsendable;
use crate::codec::op::Op;

impl Encoder<'_> {
    /// Writes an integer.
    ///
    /// # Errors
    /// The object around it becomes too large.
    #[inline]
    pub fn integer(&mut self, integer: i64) -> Result<(), Unsendable> {
        if self.reads(Op::Small) {
            if let Ok(small) = i8::try_from(integer) {
                return self.atom(Op::Small, &small.to_be_bytes());
            }
        }
        match i32::try_from(integer) {
            Ok(number) => self.atom(Op::Number, &number.to_be_bytes()),
            Err(_) => self.words(integer < 0, &integer.unsigned_abs().to_be_bytes()),
        }
    }

    /// Writes an integer.
    ///
    /// # Errors
    /// The object around it becomes too large.
    #[inline]
    pub fn unsigned(&mut self, integer: u64) -> Result<(), Unsendable> {
        match i64::try_from(integer) {
            Ok(integer) => self.integer(integer),
            Err(_) => self.words(false, &integer.to_be_bytes()),
        }
    }

    /// Writes an integer.
    ///
    /// # Errors
    /// The object around it becomes too large.
    pub fn wide(&mut self, integer: i128) -> Result<(), Unsendable> {
        match i64::try_from(integer) {
            Ok(integer) => self.integer(integer),
            Err(_) => self.words(integer < 0, &integer.unsigned_abs().to_be_bytes()),
        }
    }

    /// Writes an integer.
    ///
    /// # Errors
    /// The object around it becomes too large.
    pub fn unsigned_wide(&mut self, integer: u128) -> Result<(), Unsendable> {
        match i128::try_from(integer) {
            Ok(integer) => self.wide(integer),
            Err(_) => self.words(false, &integer.to_be_bytes()),
        }
    }

    /// Writes an integer.
    ///
    /// # Errors
    /// It is too large.
    pub fn bignum(&mut self, integer: &BigInt) -> Result<(), Unsendable> {
        match i64::try_from(integer) {
            Ok(integer) => self.integer(integer),
            Err(_) => self.words(integer.sign() == Sign::Minus, &integer.magnitude().to_bytes_be()),
        }
    }

    /// Sign and magnitude: as few 32-bit words as do, as CMUCL writes them.
    fn words(&mut self, negative: bool, magnitude: &[u8]) -> Result<(), Unsendable> {
        let zeros = magnitude.iter().take_while(|&&octet| octet == 0).count();
        let magnitude = &magnitude[zeros..];
        let words = magnitude.len().div_ceil(4);
        self.charge_node(4 * words)?;
        let count = length(words)? as i32;
        let count = if negative { -count } else { count };
        self.buf.extend_from_slice(&[Op::Bignum.byte()]);
        self.buf.extend_from_slice(&count.to_be_bytes());
        self.buf.extend_from_slice(&[0; 3][..4 * words - magnitude.len()]);
        self.buf.extend_from_slice(magnitude);
        self.complete();
        Ok(())
    }
}
