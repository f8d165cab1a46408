//! Text that is checked before it is read, many strings at once.

use crate::codec::decode::{Around, Decoder};

/// How far is looked at once. More gains nothing, and may be looked at in vain.
const FAR: usize = 2 << 10;

/// How far the octets of a read are known to be UTF-8, whatever they mean.
///
/// Short strings cost far more to check one by one than the same octets do in one piece, of which
/// std takes sixteen at a time. And what stands between strings, ops, lengths and most small numbers,
/// is ASCII too: so the octets are looked at as they come, and a string that lies within what was
/// found to be text is text if it begins and ends with a character.
#[derive(Debug)]
pub(crate) struct Ahead<'a> {
    text: &'a str,
    /// How many octets there were behind what was looked at.
    behind: usize,
}

impl<'a> Ahead<'a> {
    /// Nothing was looked at.
    pub(crate) fn new() -> Self {
        Self { text: "", behind: usize::MAX }
    }

    /// The first `len` octets of `input` hold strings that will be read. The inputs of one `Ahead`
    /// all end at the same place, each within those before.
    #[inline]
    pub(crate) fn reach(&mut self, input: &'a [u8], len: usize) -> &'a str {
        if input.len() - len < self.behind {
            self.look(input);
        }
        self.text
    }

    /// Where it is not text, no one looks again before all of what was looked at is passed.
    fn look(&mut self, input: &'a [u8]) {
        let octets = &input[..input.len().min(FAR)];
        self.text = match std::str::from_utf8(octets) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(&octets[..error.valid_up_to()]).unwrap_or_default(),
        };
        self.behind = input.len() - octets.len();
    }
}

impl<'a> Decoder<'a> {
    /// The same cursor, of whose octets some may lie in this text.
    #[inline]
    pub(crate) fn within_text(self, text: &'a str) -> Self {
        Self { around: Around::Text(text), ..self }
    }

    /// These octets of the input as text, if that is known of them.
    #[inline]
    pub(super) fn known_text(&self, octets: &[u8]) -> Option<&'a str> {
        let Around::Text(text) = self.around else { return None };
        let at = octets.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
        text.get(at..at.checked_add(octets.len())?)
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::codec::{NoTokens, Received, Text};
    use crate::limits::Limits;

    fn string(octets: &[u8]) -> Vec<u8> {
        [&[8][..], &(octets.len() as u32).to_be_bytes(), octets].concat()
    }

    /// Objects with strings, which are text, or nearly, or end within a character.
    fn object() -> impl Strategy<Value = Vec<u8>> {
        let text = prop_oneof![4 => "[a-z]{0,30}", 2 => ".{0,10}", 1 => "a{3000}"];
        let text = text.prop_map(|text| string(text.as_bytes()));
        let octets = vec(any::<u8>(), 0..5).prop_map(|octets| string(&octets));
        let cut = ".{1,5}".prop_map(|text| string(&text.as_bytes()[..text.len() - 1]));
        let tail = Just(string("\u{e9}".as_bytes().split_at(1).1));
        let number = any::<[u8; 4]>().prop_map(|[a, b, c, d]| vec![7, a, b, c, d]);
        prop_oneof![6 => text, 1 => octets, 1 => cut, 1 => tail, 2 => number]
    }

    proptest! {
        #[test]
        fn what_is_known_ahead_is_what_each_string_is(objects in vec(object(), 0..60), step in 1_usize..4) {
            let input = objects.concat();
            let received = Received::new(&Limits::default(), Text::Utf8);
            let (mut rest, mut ahead) = (&input[..], Ahead::new());
            for parts in objects.chunks(step) {
                let len = parts.concat().len();
                let known = ahead.reach(rest, len);
                let alone = Decoder::new(&rest[..len], &received, Text::Utf8, &NoTokens);
                let [mut alone, mut within] = [alone.clone(), alone.within_text(known)];
                for _ in parts {
                    let (found, expected) = (within.string(), alone.string());
                    if expected.is_err() {
                        prop_assert!(within.skip().is_ok() && alone.skip().is_ok());
                    }
                    prop_assert_eq!(found, expected);
                }
                rest = &rest[len..];
            }
        }
    }

    #[test]
    fn text_that_follows_text_is_looked_at_once() {
        let input = string(b"sixteen octets..").repeat(100);
        let mut ahead = Ahead::new();
        let first = ahead.reach(&input, 21);
        assert_eq!(first.len(), FAR);
        assert!(std::ptr::eq(ahead.reach(&input[2 * 21..], 21), first));
        let next = ahead.reach(&input[97 * 21..], 21);
        assert_eq!((next.as_ptr(), next.len()), (input[97 * 21..].as_ptr(), 3 * 21));
    }
}
