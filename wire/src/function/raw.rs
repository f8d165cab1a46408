//! What a function reads that follows its call untagged.

mod error;
mod held;
mod loan;
#[cfg(test)]
mod tests;

use std::fmt;

use bytes::{Buf, Bytes};
use num_bigint::{BigInt, BigUint, Sign};

use crate::codec::NODE;
use crate::convert::FromWire;
use crate::handle::WireError;

pub use error::RawError;
pub use held::Held;
pub(crate) use loan::{Loan, Lost};

/// The input of a wire, in the hands of a function with `#[remote_fn(raw)]`: the untagged data that
/// its caller sent behind the call.
///
/// Both functions have to agree on every octet, as nothing on the wire says what it is. The methods
/// wait for the peer as long as it takes, but no longer than [`Limits::stall`](crate::Limits::stall)
/// without any progress, which ends the wire. What has a length is held to
/// [`Limits::object_weight`](crate::Limits::object_weight) before any of it is waited for or
/// allocated.
///
/// # What waits meanwhile
/// While a function holds the input, nothing else of that wire is decoded: no call, no answer. So a
/// call that wants values on that wire, by whatever handle, and [`sync`](crate::Wire::sync), fail at
/// once with [`CallError::InputHeld`](crate::CallError::InputHeld); those that waited already go on
/// waiting. [`remote!`](crate::remote) and [`force_output`](crate::Wire::force_output) work. The
/// peer's pings go unread too, and so does a cancel of this very call. To a peer of the extended
/// dialect this side says once a second that it lives, and it sends no pings of its own.
///
/// # Giving it back
/// [`finish`](Self::finish) gives the input back while the function goes on; otherwise its return
/// does. What follows is decoded from the octet on at which it stopped. A function that unwinds
/// (an `Err`, a panic, its task dropped) while it holds the input ends the wire, with
/// [`WireError::RawUnwound`]: nobody knows then where the next object begins. For the same reason a
/// refused call of such a function ends it ([`WireError::RawRefused`]), whether its arguments did
/// not fit, or too much ran already, or it stood among the arguments of another. Either way the
/// call is answered as ever, and a peer of the extended dialect told why the wire ends; what still
/// runs for it is answered within the grace of a [closed](crate::Wire::close) wire.
///
/// # Cancel safety
/// Every method may be dropped while it waits, and has read nothing then: the same can be asked for
/// again. Only after a dropped [`object`](Self::object) nothing but `object` can go on.
///
/// # Origin
/// CMUCL's `wire-get-byte`, `-number`, `-string`, `-bignum`, `-object` and `wire-listen` on
/// `*current-wire*`.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use wire::{RawError, RawInput, RawOutput, Wire, functions, remote_fn, remote_value};
///
/// /// The sum of so many numbers, which follow.
/// #[remote_fn(raw)]
/// async fn sum(input: &mut RawInput<'_>, count: usize) -> Result<i64, RawError> {
///     let mut sum = 0;
///     for _ in 0..count {
///         sum += i64::from(input.number().await?);
///     }
///     Ok(sum)
/// }
///
/// let (wire, _peer) = Wire::pair(functions![], functions![sum])?;
/// let mut data = RawOutput::new();
/// data.number(1).number(2).number(-10);
/// let sum = remote_value!(wire, sum(3) with data -> i64).value().await?;
/// assert_eq!(sum, -7);
/// # Ok(())
/// # }
/// ```
pub struct RawInput<'a> {
    held: &'a mut Held,
}

impl<'a> RawInput<'a> {
    fn new(held: &'a mut Held) -> Self {
        Self { held }
    }
}

impl RawInput<'_> {
    /// One octet (`wire-get-byte`).
    ///
    /// # Errors
    /// [`RawError::Ended`].
    pub async fn byte(&mut self) -> Result<u8, RawError> {
        self.held.fill(1, "a byte").await?;
        let byte = self.held.unread()[0];
        self.held.skip(1);
        Ok(byte)
    }

    /// A number of 32 bits (`wire-get-number`). One without a sign is `number as u32`.
    ///
    /// # Errors
    /// [`RawError::Ended`].
    pub async fn number(&mut self) -> Result<i32, RawError> {
        let number = self.peek_number("a number").await?;
        self.held.skip(4);
        Ok(number)
    }

    /// A string: its length, and so many octets (`wire-get-string`).
    ///
    /// # Errors
    /// [`RawError::Ended`], [`RawError::Length`], [`RawError::TooLong`], [`RawError::NotText`].
    pub async fn string(&mut self) -> Result<String, RawError> {
        const ITEM: &str = "a string";
        let length = self.peek_number(ITEM).await?;
        let octets = u64::try_from(length).map_err(|_| RawError::Length { item: ITEM, length })?;
        let end = 4 + self.check_length(octets, Some(ITEM))?;
        self.held.fill(end, ITEM).await?;
        let text = self.held.between()?.text();
        let text = text.decode(&self.held.unread()[4..end]).ok_or(RawError::NotText)?.into_owned();
        self.held.skip(end);
        Ok(text)
    }

    /// An integer of any size: a count of words, and so many words (`wire-get-bignum`).
    ///
    /// # Errors
    /// [`RawError::Ended`], [`RawError::Length`], [`RawError::TooLong`].
    pub async fn bignum(&mut self) -> Result<BigInt, RawError> {
        const ITEM: &str = "an integer";
        let count = self.peek_number(ITEM).await?;
        if count == i32::MIN {
            // It has no positive twin, and CMUCL's own reader fails on it.
            return Err(RawError::Length { item: ITEM, length: count });
        }
        let end = 4 + self.check_length(4 * u64::from(count.unsigned_abs()), Some(ITEM))?;
        self.held.fill(end, ITEM).await?;
        let magnitude = BigUint::from_bytes_be(&self.held.unread()[4..end]);
        self.held.skip(end);
        let sign = if count < 0 { Sign::Minus } else { Sign::Plus };
        Ok(BigInt::from_biguint(sign, magnitude))
    }

    /// An object with its tags, outside of any call (`wire-get-object`). What it saves is saved, and
    /// what was saved before is found; remote objects in it are held as those in arguments are.
    /// Unlike CMUCL's, it evaluates nothing: a call is no object of any type.
    ///
    /// # Errors
    /// [`RawError::Ended`], [`RawError::WrongType`], [`RawError::Refused`]. What breaks a rule of the
    /// protocol ends the wire.
    pub async fn object<T: FromWire>(&mut self) -> Result<T, RawError> {
        loop {
            if let Some(object) = self.held.object()? {
                return Ok(object);
            }
            let wanted = self.held.unread().len() + 1;
            let ended = |why| RawError::Ended { item: "an object", why };
            self.held.more(wanted).await.map_err(ended)?;
        }
    }

    /// So many octets, as they are. They share the memory that they were read into.
    ///
    /// # Errors
    /// [`RawError::Ended`], [`RawError::TooLong`]: more are read [piece by piece](Self::chunk).
    pub async fn octets(&mut self, count: usize) -> Result<Bytes, RawError> {
        self.check_length(count as u64, None)?;
        self.held.fill(count, "octets").await?;
        Ok(self.held.take(count))
    }

    /// The octets that are there, at least one and at most so many: for data that need not be in
    /// memory all at once. It waits only while there are none; `most` of 0 gives none.
    ///
    /// # Errors
    /// [`RawError::Ended`].
    pub async fn chunk(&mut self, most: usize) -> Result<Bytes, RawError> {
        self.held.fill(most.min(1), "octets").await?;
        let count = self.held.unread().len().min(most);
        Ok(self.held.take(count))
    }

    /// Whether octets are there now, so that [`byte`](Self::byte) would not wait (`wire-listen`). If
    /// none were read yet it has the wire's task look for some, and waits for that and not for the
    /// peer.
    ///
    /// It does not tell where the data end: what is there may be the peer's next object, or the
    /// number by which a peer of the classic dialect is woken.
    ///
    /// # Errors
    /// [`RawError::Ended`] if none are there and none will come.
    pub async fn listen(&mut self) -> Result<bool, RawError> {
        let ended = |why: WireError| RawError::Ended { item: "anything", why };
        self.held.reader()?;
        if self.held.unread().is_empty() {
            self.held.more(0).await.map_err(ended)?;
        }
        match self.held.loan().ended() {
            Some(why) if self.held.unread().is_empty() => Err(ended(why)),
            _ => Ok(!self.held.unread().is_empty()),
        }
    }

    /// Gives the input back, at the octet where it stopped reading, while the function goes on. From
    /// here on it may call its caller for values, and unwind like any other. An object of which only
    /// a part was read is then one that comes after the data. Once is enough.
    pub fn finish(&mut self) {
        self.held.finish();
    }

    /// Whether the input was given back.
    pub fn is_finished(&self) -> bool {
        self.held.is_finished()
    }

    /// The number that comes next, which is left unread.
    async fn peek_number(&mut self, item: &'static str) -> Result<i32, RawError> {
        self.held.fill(4, item).await?;
        let mut octets = self.held.unread();
        Ok(octets.get_i32())
    }

    /// The same, if this side reads what is so long: nothing is allocated on the peer's word.
    fn check_length(&mut self, octets: u64, item: Option<&'static str>) -> Result<usize, RawError> {
        let limit = self.held.between()?.weight_limit();
        match usize::try_from(octets) {
            Ok(length) if octets.saturating_add(NODE) <= limit => Ok(length),
            _ => Err(RawError::TooLong { item, octets, limit }),
        }
    }
}

impl fmt::Debug for RawInput<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RawInput").field(&self.held).finish()
    }
}
