//! Strings and symbols as octets.

use std::borrow::Cow;
use std::fmt;

/// What the octets of the strings and symbols of one wire stand for.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum Text {
    /// UTF-8.
    #[default]
    Utf8,
    /// One octet a character: a CMUCL with nothing but the repair of its octet buffers.
    Latin1,
}

impl Text {
    /// The text of these octets, borrowed if nothing has to be changed.
    #[inline]
    pub(crate) fn decode(self, octets: &[u8]) -> Option<Cow<'_, str>> {
        match std::str::from_utf8(octets) {
            Ok(text) if self == Self::Utf8 || octets.is_ascii() => Some(Cow::Borrowed(text)),
            Err(_) if self == Self::Utf8 => None,
            _ => Some(Cow::Owned(octets.iter().copied().map(char::from).collect())),
        }
    }

    /// The octets of this text, or the first character that has none.
    #[inline]
    pub(crate) fn encode(self, text: &str) -> Result<Cow<'_, [u8]>, char> {
        if self == Self::Utf8 || text.is_ascii() {
            return Ok(Cow::Borrowed(text.as_bytes()));
        }
        text.chars()
            .map(|c| u8::try_from(c).map_err(|_| c))
            .collect::<Result<_, _>>()
            .map(Cow::Owned)
    }
}

/// A symbol: its name and its package's.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct SymbolRef<'a> {
    /// The name, as in `WRITE-STRING`.
    pub name: Cow<'a, str>,
    /// The name of its package, as in `COMMON-LISP`.
    pub package: Cow<'a, str>,
}

impl<'a> SymbolRef<'a> {
    pub(crate) fn new(name: Cow<'a, str>, package: Cow<'a, str>) -> Self {
        Self { name, package }
    }

    /// Whether it is this symbol.
    pub fn is(&self, name: &str, package: &str) -> bool {
        self.name == name && self.package == package
    }

    /// Whether it is a keyword.
    pub fn is_keyword(&self) -> bool {
        self.package == KEYWORD
    }

    /// The same, borrowing nothing.
    pub fn into_owned(self) -> SymbolRef<'static> {
        SymbolRef::new(Cow::Owned(self.name.into_owned()), Cow::Owned(self.package.into_owned()))
    }
}

/// With its package in front, as in `COMMON-LISP::CAR`; keywords as in `:KEY`.
impl fmt::Display for SymbolRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_keyword() {
            write!(f, ":{}", self.name)
        } else {
            write!(f, "{}::{}", self.package, self.name)
        }
    }
}

/// The package of keywords.
pub(crate) const KEYWORD: &str = "KEYWORD";
/// The package of `NIL` and `T`.
pub(crate) const COMMON_LISP: &str = "COMMON-LISP";

/// `NIL` as it stands on the wire, without a save.
const NIL: &[u8; 23] = b"\x09\0\0\0\x03NIL\0\0\0\x0bCOMMON-LISP";

/// Whether a symbol, from its op on, is `NIL`.
#[inline]
pub(crate) fn is_nil(symbol: &[u8]) -> bool {
    symbol.first_chunk() == Some(NIL)
}

/// `T` in the same way.
const T: &[u8; 21] = b"\x09\0\0\0\x01T\0\0\0\x0bCOMMON-LISP";

/// Whether a symbol, from its op on, is `T`.
#[inline]
pub(crate) fn is_t(symbol: &[u8]) -> bool {
    symbol.first_chunk() == Some(T)
}

/// The two parts of a symbol as octets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SymbolParts<'a> {
    pub(crate) name: &'a [u8],
    pub(crate) package: &'a [u8],
}

impl<'a> SymbolParts<'a> {
    /// The symbol that `input` begins with, op included, and what follows it.
    #[inline]
    pub(crate) fn read(input: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (&9, rest) = input.split_first()? else { return None };
        let (name, rest) = bare_string(rest)?;
        let (package, rest) = bare_string(rest)?;
        Some((Self { name, package }, rest))
    }

    /// As text; `None` if it is none.
    #[inline]
    pub(crate) fn decode(self, text: Text) -> Option<SymbolRef<'a>> {
        Some(SymbolRef::new(text.decode(self.name)?, text.decode(self.package)?))
    }

    /// As text, whatever the octets: names that do not decode match nothing that we offer.
    pub(crate) fn lossy(self, text: Text) -> SymbolRef<'a> {
        let decode = |octets: &'a [u8]| match text.decode(octets) {
            Some(decoded) => decoded,
            None => Cow::Owned(String::from_utf8_lossy(octets).into_owned()),
        };
        SymbolRef::new(decode(self.name), decode(self.package))
    }
}

/// The text of these octets, which `input` begins with; `None` if it is none.
pub(crate) fn owned(octets: &[u8], input: &[u8]) -> Option<String> {
    // std looks at 16 octets at once where they are aligned, and elsewhere at one after the other.
    if let (Some(kept), Some(chunk)) = (KEPT.get(octets.len()), input.first_chunk()) {
        let aligned = Aligned((u128::from_le_bytes(*chunk) & kept).to_le_bytes());
        let text = std::str::from_utf8(&aligned.0).ok()?;
        return text.get(..octets.len()).map(str::to_owned);
    }
    std::str::from_utf8(octets).ok().map(str::to_owned)
}

#[repr(align(16))]
struct Aligned([u8; 16]);

/// What is kept of 16 octets, so that zeros follow as many as these: texts that begin with the same
/// ones, and are text if they are.
static KEPT: [u128; 17] = {
    let (mut kept, mut length) = ([u128::MAX; 17], 0);
    while length < 16 {
        kept[length] = (1 << (8 * length)) - 1;
        length += 1;
    }
    kept
};

/// A length and so many octets, and what follows them.
#[inline]
pub(crate) fn bare_string(input: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = input.split_first_chunk::<4>()?;
    rest.split_at_checked(u32::from_be_bytes(*length) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_whatever_follows_it_and_wherever_it_stands() {
        let texts = ["abcdefghijklmnopqrs", "aé→🦀é→🦀é→🦀é", "→→→→→→→", "abc\u{0}defghi\u{7f}"];
        for octets in texts.map(str::as_bytes) {
            for (from, length) in (0..4).flat_map(|from| (0..19).map(move |length| (from, length)))
            {
                let Some(here) = octets.get(from..) else { continue };
                for follows in [&b""[..], b"x", &[0x80; 20], "🦀".as_bytes()] {
                    let input = [here, follows].concat();
                    let Some(octets) = input.get(..length) else { continue };
                    let expected = std::str::from_utf8(octets).ok().map(str::to_owned);
                    assert_eq!(owned(octets, &input), expected, "{length} of {input:?}");
                }
            }
        }
    }
}
