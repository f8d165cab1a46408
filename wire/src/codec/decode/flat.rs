//! Numbers, strings and records of them as elements of a list: of these most large objects consist.

use crate::codec::decode::list::Rest;
use crate::codec::decode::{ListDecoder, OBJECTS};
use crate::codec::received::Received;
use crate::codec::sent::Shape;
use crate::codec::text::{self, Text, is_nil, is_t};

/// Reads what was never saved, and records of a known shape, in registers.
///
/// What stands there in another form is `None`, and the whole element is read by the
/// [`Decoder`](crate::codec::Decoder), which says what was against it.
#[derive(Debug)]
pub struct FlatDecoder<'a> {
    rest: &'a [u8],
    received: &'a Received,
}

impl<'a> FlatDecoder<'a> {
    /// Reads a record that has just these keys in this order, in which `fields` reads the values.
    #[inline]
    pub fn record<T>(
        &mut self,
        shape: &'static Shape,
        fields: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let [21, count, 20, index @ ..=0x7f, rest @ ..] = self.rest else { return None };
        let keys = self.received.kept((*index).into())?;
        // The first of them has been compared by a decoder.
        if usize::from(*count) != shape.keys().len() || !keys.compared.noted(shape, true) {
            return None;
        }
        self.rest = rest;
        fields(self)
    }

    #[inline]
    pub(crate) fn integer<T: TryFrom<i32> + TryFrom<i128>>(&mut self) -> Option<T> {
        let (small, rest) = match self.rest {
            [7, a, b, c, d, rest @ ..] => (i32::from_be_bytes([*a, *b, *c, *d]), rest),
            [19, small, rest @ ..] => (i32::from(*small as i8), rest),
            _ => return self.words()?.try_into().ok(),
        };
        self.rest = rest;
        small.try_into().ok()
    }

    /// An integer of one word or two.
    #[inline]
    fn words(&mut self) -> Option<i128> {
        let [14, sign, sign_too, sign_also, count, rest @ ..] = self.rest else { return None };
        let count = i32::from_be_bytes([*sign, *sign_too, *sign_also, *count]);
        let (magnitude, rest) = match count.unsigned_abs() {
            1 => rest
                .split_first_chunk()
                .map(|(word, rest)| (u32::from_be_bytes(*word).into(), rest)),
            2 => rest.split_first_chunk().map(|(words, rest)| (u64::from_be_bytes(*words), rest)),
            _ => None,
        }?;
        self.rest = rest;
        let magnitude = i128::from(magnitude);
        Some(if count < 0 { -magnitude } else { magnitude })
    }

    #[inline]
    pub(crate) fn double(&mut self) -> Option<f64> {
        let [15, rest @ ..] = self.rest else { return None };
        let (octets, rest) = rest.split_first_chunk()?;
        self.rest = rest;
        Some(f64::from_be_bytes(*octets))
    }

    #[inline]
    pub(crate) fn single(&mut self) -> Option<f32> {
        let [16, rest @ ..] = self.rest else { return None };
        let (octets, rest) = rest.split_first_chunk()?;
        self.rest = rest;
        Some(f32::from_be_bytes(*octets))
    }

    #[inline]
    pub(crate) fn string(&mut self) -> Option<String> {
        let [8, rest @ ..] = self.rest else { return None };
        let (length, input) = rest.split_first_chunk()?;
        let (octets, rest) = input.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        self.rest = rest;
        text::owned(octets, input)
    }

    /// `T` or `NIL`.
    #[inline]
    pub(crate) fn boolean(&mut self) -> Option<bool> {
        let (symbol, rest) = self.looked_up()?;
        let truth = is_t(symbol);
        if !truth && !is_nil(symbol) {
            return None;
        }
        self.rest = rest;
        Some(truth)
    }

    /// Whether `NIL` stands there; if it does, it is read.
    #[inline]
    pub(crate) fn nil(&mut self) -> bool {
        match self.looked_up() {
            Some((symbol, rest)) if is_nil(symbol) => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// What is looked up there, and what follows.
    #[inline]
    fn looked_up(&self) -> Option<(&'a [u8], &'a [u8])> {
        let [20, index @ ..=0x7f, rest @ ..] = self.rest else { return None };
        Some((&self.received.kept((*index).into())?.octets, rest))
    }
}

impl<'a> ListDecoder<'_, 'a> {
    /// Reads elements as long as `read` does it, and says how many that were.
    #[inline]
    pub(crate) fn flat<T>(
        &mut self,
        items: &mut Vec<T>,
        read: impl Fn(&mut FlatDecoder<'a>) -> Option<T>,
    ) -> usize {
        let Rest::Count(count) = self.rest else { return 0 };
        let decoder = &mut *self.decoder;
        let unread = self.handed_out == Some(decoder.input.len());
        if unread || decoder.element != OBJECTS || decoder.text != Text::Utf8 {
            return 0;
        }
        let mut input = FlatDecoder { rest: decoder.input, received: decoder.received };
        let (mut left, mut rest) = (count, decoder.input);
        while left > 0 {
            let Some(item) = read(&mut input) else { break };
            items.push(item);
            (left, rest) = (left - 1, input.rest);
        }
        if left < count {
            decoder.input = rest;
            self.rest = Rest::Count(left);
            self.handed_out = None;
        }
        count - left
    }
}
