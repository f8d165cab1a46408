//! The ops, and which of them a peer reads.

use std::fmt;
use std::str::FromStr;

/// One list makes the enum, its numbers and its names.
macro_rules! ops {
    ($($number:literal $name:ident $text:literal $doc:literal;)*) => {
        /// The first byte of every object: what it is and what follows.
        ///
        /// 0 to 14 are CMUCL's; those above are ours, sent only to a peer whose
        /// [`Hello`](crate::codec::Hello) lists them.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum Op {
            $(#[doc = $doc] $name = $number,)*
        }

        impl Op {
            /// The op of this number, if there is one.
            #[inline]
            pub const fn from_byte(byte: u8) -> Option<Self> {
                Some(match byte {
                    $($number => Self::$name,)*
                    _ => return None,
                })
            }

            const fn text(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

ops! {
    0 Funcall0 "funcall0" "A call without arguments: the function.";
    1 Funcall1 "funcall1" "A call: the function, one argument.";
    2 Funcall2 "funcall2" "A call: the function, two arguments.";
    3 Funcall3 "funcall3" "A call: the function, three arguments.";
    4 Funcall4 "funcall4" "A call: the function, four arguments.";
    5 Funcall5 "funcall5" "A call: the function, five arguments.";
    6 Funcall "funcall" "A call: one byte n, the function, n arguments.";
    7 Number "number" "An integer of 32 bits.";
    8 String "string" "A 4-byte length, the octets.";
    9 Symbol "symbol" "Two bare strings: the name, the package.";
    10 Save "save" "A 4-byte index, and the object that it keeps there.";
    11 Lookup "lookup" "A 4-byte index: the object kept there.";
    12 Remote "remote object" "Host, process and object id, 4 bytes each.";
    13 Cons "cons" "Two objects: car, cdr.";
    14 Bignum "bignum" "A signed 4-byte count of words, negative for a negative integer; the words.";
    15 Double "double" "8 bytes, IEEE 754.";
    16 Single "single" "4 bytes, IEEE 754.";
    17 Octets "octets" "A 4-byte length, the octets.";
    18 Sequence "sequence" "A kind byte, a 4-byte count, the elements.";
    19 Small "small" "One signed byte: an integer.";
    20 ShortLookup "short lookup" "A varint index: the object kept there.";
    21 Record "record" "One byte n, the shape (a list of n keywords), n values.";
    22 Call "call" "What is wanted, an id, the function, one byte n, n arguments. Top level only.";
    23 Return "return" "An id, one byte n, n values. Top level only.";
    24 Unwound "unwound" "An id, the reason. Top level only.";
    25 Release "release" "A 4-byte object id, a varint count. Top level only.";
    26 Cancel "cancel" "An id. Top level only.";
    27 Ping "ping" "A 4-byte cookie. Top level only.";
    28 Pong "pong" "The cookie of a ping. Top level only.";
    29 Goodbye "goodbye" "A string. Top level only.";
}

impl Op {
    /// The last op that CMUCL knows.
    pub const LAST_CLASSIC: Self = Self::Bignum;

    /// Its number on the wire.
    #[inline]
    pub const fn byte(self) -> u8 {
        self as u8
    }

    /// Whether it may stand only where an object of its own begins, never inside another.
    #[inline]
    pub const fn is_top_level_only(self) -> bool {
        self.byte() >= Self::Call.byte()
    }

    /// The call of `count` arguments, if it has an op of its own.
    pub(crate) const fn funcall(count: u8) -> Self {
        match count {
            0 => Self::Funcall0,
            1 => Self::Funcall1,
            2 => Self::Funcall2,
            3 => Self::Funcall3,
            4 => Self::Funcall4,
            5 => Self::Funcall5,
            _ => Self::Funcall,
        }
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// Which ops a peer can read: a set of [`Op`]s.
///
/// Written as a hello has it: the ops above CMUCL's, as numbers and ranges.
///
/// ```
/// use wire::codec::{Op, Reads};
///
/// let reads: Reads = "15-17,24".parse()?;
/// assert!(reads.contains(Op::Octets) && !reads.contains(Op::Small));
/// assert!(reads.contains(Op::Cons)); // every peer reads CMUCL's
/// assert_eq!(reads.to_string(), "15-17,24");
/// assert_eq!(Reads::ALL.to_string(), "15-29");
/// # Ok::<(), wire::codec::BadHello>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Reads(u32);

impl Reads {
    /// CMUCL's own ops.
    pub const CLASSIC: Self = Self((1 << (Op::LAST_CLASSIC.byte() + 1)) - 1);
    /// Every op of this library.
    pub const ALL: Self = Self((1 << (Op::Goodbye.byte() + 1)) - 1);

    /// Whether `op` is among them.
    #[inline]
    pub const fn contains(self, op: Op) -> bool {
        self.0 & (1 << op.byte()) != 0
    }

    /// These and `op`.
    #[must_use]
    pub const fn with(self, op: Op) -> Self {
        Self(self.0 | 1 << op.byte())
    }

    /// These without `op`.
    #[must_use]
    pub const fn without(self, op: Op) -> Self {
        Self(self.0 & !(1 << op.byte()) | Self::CLASSIC.0)
    }

    /// The ops that are in both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether there is any op beyond CMUCL's.
    pub const fn is_extended(self) -> bool {
        self.0 & !Self::CLASSIC.0 != 0
    }
}

impl fmt::Display for Reads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0 & !Self::CLASSIC.0;
        let mut comma = "";
        while rest != 0 {
            let first = rest.trailing_zeros();
            let run = (rest >> first).trailing_ones();
            let last = first + run - 1;
            if run == 1 {
                write!(f, "{comma}{first}")?;
            } else {
                write!(f, "{comma}{first}-{last}")?;
            }
            comma = ",";
            rest &= !(((1_u32 << run) - 1) << first);
        }
        Ok(())
    }
}

impl FromStr for Reads {
    type Err = BadHello;

    /// Numbers above our own ops are those of a later version, and dropped.
    fn from_str(text: &str) -> Result<Self, BadHello> {
        let mut bits = Self::CLASSIC.0;
        for range in text.split(',').filter(|range| !range.is_empty()) {
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            let (first, last) = (number::<u8>(first)?, number::<u8>(last)?);
            if first > last {
                return Err(BadHello);
            }
            bits = (first..=last.min(31)).fold(bits, |bits, op| bits | 1 << op);
        }
        Ok(Self(bits & Self::ALL.0))
    }
}

/// A hello that is not one: a word of it does not say what its kind of word must.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the peer's hello is malformed")]
#[non_exhaustive]
pub struct BadHello;

/// A decimal number without sign.
pub(crate) fn number<T: FromStr>(text: &str) -> Result<T, BadHello> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(BadHello);
    }
    text.parse().map_err(|_| BadHello)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_bytes_are_ops_and_no_others() {
        for byte in 0..=255 {
            assert_eq!(Op::from_byte(byte).map(Op::byte), (byte < 30).then_some(byte));
        }
    }

    #[test]
    fn later_ops_in_a_peers_list_are_dropped() {
        assert_eq!("15-255".parse(), Ok(Reads::ALL));
        assert_eq!("200".parse(), Ok(Reads::CLASSIC));
        assert_eq!("".parse(), Ok(Reads::CLASSIC));
        assert_eq!("31".parse(), Ok(Reads::CLASSIC));
    }

    #[test]
    fn lists_that_are_none_are_refused() {
        for text in ["x", "15-", "-15", "16-15", "+15", "256"] {
            assert_eq!(text.parse::<Reads>(), Err(BadHello), "{text}");
        }
    }
}
