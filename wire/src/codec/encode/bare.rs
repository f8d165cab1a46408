//! Untagged data between objects, which the functions at both ends agree on.

use num_bigint::{BigInt, Sign};

use crate::codec::encode::atom::length;
use crate::codec::encode::{Encoder, Frame};
use crate::codec::error::Unsendable;
use crate::codec::scan::NODE;

impl Encoder<'_> {
    /// Appends octets as they are, between two objects: a byte, or a number as its four octets.
    ///
    /// # Errors
    /// An object has begun.
    pub fn bare_octets(&mut self, octets: &[u8]) -> Result<(), Unsendable> {
        if self.weight > 0 || self.top != Frame::Root {
            return Err(Unsendable::NotOneObject);
        }
        self.buf.extend_from_slice(octets);
        Ok(())
    }

    /// Appends a string without its op: the length and the octets.
    ///
    /// # Errors
    /// It is too large, or has a character that the peer cannot read; or an object has begun.
    pub fn bare_string(&mut self, text: &str) -> Result<(), Unsendable> {
        let octets =
            self.peer.text.encode(text).map_err(|character| Unsendable::Character { character })?;
        self.check_weight(octets.len())?;
        let length = length(octets.len())?;
        self.bare_octets(&length.to_be_bytes())?;
        self.bare_octets(&octets)
    }

    /// Appends an integer of any size without its op: the count of its words, negative for one
    /// below zero, and the words. 0 has none.
    ///
    /// # Errors
    /// It is too large, or an object has begun.
    pub fn bare_bignum(&mut self, integer: &BigInt) -> Result<(), Unsendable> {
        let (sign, magnitude) = integer.to_bytes_be();
        let magnitude = if sign == Sign::NoSign { &[][..] } else { &magnitude[..] };
        let words = magnitude.len().div_ceil(4);
        self.check_weight(4 * words)?;
        let count = length(words)? as i32;
        let count = if sign == Sign::Minus { -count } else { count };
        self.bare_octets(&count.to_be_bytes())?;
        self.bare_octets(&[0; 3][..4 * words - magnitude.len()])?;
        self.bare_octets(magnitude)
    }

    /// How many octets there are by now.
    pub(crate) fn position(&self) -> usize {
        self.buf.len() + self.apart.as_ref().map_or(0, |apart| apart.octets())
    }

    /// What has a length is held to the limit of an object of it, by either side.
    fn check_weight(&self, octets: usize) -> Result<(), Unsendable> {
        let (weight, limit) = (NODE + octets as u64, self.peer.object_weight);
        if weight > limit { Err(Unsendable::TooLarge { weight, limit }) } else { Ok(()) }
    }
}
