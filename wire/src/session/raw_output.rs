//! Untagged data of ours, to follow a call.

use std::borrow::Cow;
use std::fmt;

use num_bigint::BigInt;

use crate::codec::{Encoder, Unsendable};
use crate::convert::ToWire;

/// Untagged data to be sent behind a call, for a function that reads such.
///
/// It is put together beforehand, in the order in which the function reads it, and goes out with the
/// call as one unit, whole or not at all: by `with` in the call macros
/// ([`remote!`](crate::remote)), or by [`Wire::notify_with`](crate::Wire::notify_with) and its
/// siblings. It can be sent again, over any wire. Objects and strings may be borrowed until then,
/// and are written in the dialect and the text of the wire when the call is made.
///
/// Both functions have to agree on every octet. To a peer whose function reads less than this, or
/// none, or that has no such function, what is left over is calls: what strangers wrote must go only
/// where it is known to be read. And one that reads as long as anything is there, by CMUCL's
/// `wire-listen`, reads too much: while a call waits on a classic wire whose peer is silent, numbers
/// and questions go out, to wake an unmodified CMUCL, and it would take their octets for data. Send
/// the length first.
///
/// Nothing is copied but numbers until the call, which copies all of it into the wire's buffer. A
/// call is taken as long as there is room in the buffer at all
/// ([`Limits::buffered_output`](crate::Limits::buffered_output)); the data of one call may pass that
/// limit. What is larger than memory allows is cut into several calls.
///
/// # Errors
/// Of the call: an object that cannot be sent, a character that the peer's text lacks, a string or
/// an integer that weighs more than an object of the peer may. They name the item.
///
/// # Origin
/// CMUCL's `wire-output-byte`, `-number`, `-string`, `-bignum` and `-object`, after a `remote` on the
/// same wire.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use wire::{RawError, RawInput, RawOutput, Wire, functions, remote_fn, remote_value};
///
/// #[remote_fn(raw)]
/// async fn join(input: &mut RawInput<'_>, separator: String) -> Result<String, RawError> {
///     let mut joined = Vec::new();
///     for _ in 0..input.byte().await? {
///         joined.push(input.string().await?);
///     }
///     Ok(joined.join(&separator))
/// }
///
/// let (here, _there) = Wire::pair(functions![], functions![join])?;
/// let mut data = RawOutput::new();
/// data.byte(2).string("first").string("second");
/// let joined: String = remote_value!(here, join(" and ") with data).value().await?;
/// assert_eq!(joined, "first and second");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct RawOutput<'a> {
    items: Vec<Item<'a>>,
}

#[derive(Clone)]
enum Item<'a> {
    Byte(u8),
    Number(i32),
    Octets(Cow<'a, [u8]>),
    String(Cow<'a, str>),
    Bignum(BigInt),
    Object(&'a (dyn ToWire + Sync)),
}

impl<'a> RawOutput<'a> {
    /// No data.
    pub fn new() -> Self {
        Self::default()
    }

    /// One octet (`wire-output-byte`).
    pub fn byte(&mut self, byte: u8) -> &mut Self {
        self.item(Item::Byte(byte))
    }

    /// A number of 32 bits, four octets (`wire-output-number`). One without a sign goes as
    /// `number as i32`.
    pub fn number(&mut self, number: i32) -> &mut Self {
        self.item(Item::Number(number))
    }

    /// A string: its length in octets, and the octets (`wire-output-string`).
    pub fn string(&mut self, text: impl Into<Cow<'a, str>>) -> &mut Self {
        self.item(Item::String(text.into()))
    }

    /// An integer of any size: a count of words, and the words (`wire-output-bignum`). Also a small
    /// one goes so.
    pub fn bignum(&mut self, integer: &BigInt) -> &mut Self {
        self.item(Item::Bignum(integer.clone()))
    }

    /// An object with its tags, outside of any call (`wire-output-object`). What it saves is saved,
    /// and what was saved before is looked up.
    pub fn object(&mut self, object: &'a (dyn ToWire + Sync)) -> &mut Self {
        self.item(Item::Object(object))
    }

    /// Octets as they are, without a length: the function knows by other means how many come.
    pub fn octets(&mut self, octets: impl Into<Cow<'a, [u8]>>) -> &mut Self {
        self.item(Item::Octets(octets.into()))
    }

    fn item(&mut self, item: Item<'a>) -> &mut Self {
        self.items.push(item);
        self
    }

    /// Writes all of it.
    pub(super) fn write(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        self.items.iter().enumerate().try_for_each(|(index, item)| {
            let written = match item {
                Item::Byte(byte) => out.bare_octets(&[*byte]),
                Item::Number(number) => out.bare_octets(&number.to_be_bytes()),
                Item::Octets(octets) => out.bare_octets(octets),
                Item::String(text) => out.bare_string(text),
                Item::Bignum(integer) => out.bare_bignum(integer),
                Item::Object(object) => out.one(|out| object.to_wire(out)),
            };
            written.map_err(|error| Unsendable::Data { item: index, error: Box::new(error) })
        })
    }
}

impl fmt::Debug for RawOutput<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.items).finish()
    }
}

impl fmt::Debug for Item<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Byte(_) => f.write_str("a byte"),
            Self::Number(_) => f.write_str("a number"),
            Self::Octets(octets) => write!(f, "{} octets", octets.len()),
            Self::String(text) => write!(f, "a string of {} octets", text.len()),
            Self::Bignum(_) => f.write_str("an integer"),
            Self::Object(_) => f.write_str("an object"),
        }
    }
}
