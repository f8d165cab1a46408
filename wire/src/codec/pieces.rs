//! What is to be sent: octets in one buffer, and large byte strings between them, where they are.

use std::collections::VecDeque;

use bytes::{Buf, Bytes, BytesMut};

use crate::spare;

/// From this length on a byte string is not copied into the buffer. What a shorter one costs to copy
/// is less than what one more piece costs in a write.
pub(crate) const LARGE: usize = 16 << 10;

/// Octets to be sent, in order. Their front is what was not [sent](Self::advance) yet.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    pub(crate) buffer: BytesMut,
    apart: Apart,
    /// How much of the buffer was sent.
    sent: usize,
}

/// The byte strings that are sent from where they are.
#[derive(Debug, Default)]
pub(crate) struct Apart {
    /// Each with the place in the buffer that it stands before.
    strings: VecDeque<(usize, Bytes)>,
    octets: usize,
}

/// How far something was written, so that what follows can be cut off.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    buffer: usize,
    strings: usize,
    octets: usize,
}

impl Pieces {
    /// How many octets are left to be sent.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.buffer.len() - self.sent + self.apart.octets
    }

    /// Both parts, for who appends to them.
    pub(crate) fn parts(&mut self) -> (&mut BytesMut, &mut Apart) {
        (&mut self.buffer, &mut self.apart)
    }

    #[inline]
    pub(crate) fn mark(&self) -> Mark {
        let Apart { strings, octets } = &self.apart;
        Mark { buffer: self.buffer.len(), strings: strings.len(), octets: *octets }
    }

    /// How many octets were appended since. Nothing may have been sent meanwhile.
    #[inline]
    pub(crate) fn since(&self, mark: Mark) -> usize {
        (self.buffer.len() - mark.buffer) + (self.apart.octets - mark.octets)
    }

    /// Cuts off all that was appended since. Nothing may have been sent meanwhile.
    pub(crate) fn truncate(&mut self, mark: Mark) {
        self.buffer.truncate(mark.buffer);
        self.apart.strings.truncate(mark.strings);
        self.apart.octets = mark.octets;
    }

    /// All that is left, if it is one piece of the buffer.
    #[inline]
    pub(crate) fn one(&self) -> Option<&[u8]> {
        if self.apart.strings.is_empty() { self.buffer.get(self.sent..) } else { None }
    }

    /// The pieces that are left, none of them empty.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let ends = self.apart.strings.iter().map(|(at, _)| *at).chain([self.buffer.len()]);
        let starts = [self.sent].into_iter().chain(self.apart.strings.iter().map(|(at, _)| *at));
        let between = starts.zip(ends).map(|(start, end)| &self.buffer[start..end]);
        let strings = self.apart.strings.iter().map(|(_, string)| &**string).chain([&[][..]]);
        let both = between.zip(strings).flat_map(|(between, string)| [between, string]);
        both.filter(|piece| !piece.is_empty())
    }

    /// So many octets were sent.
    pub(crate) fn advance(&mut self, mut count: usize) {
        while let Some((at, string)) = self.apart.strings.front_mut() {
            let between = count.min(*at - self.sent);
            self.sent += between;
            count -= between;
            let of_string = if self.sent == *at { count.min(string.len()) } else { 0 };
            string.advance(of_string);
            self.apart.octets -= of_string;
            count -= of_string;
            if !string.is_empty() {
                return;
            }
            self.apart.strings.pop_front();
        }
        self.sent += count;
    }

    /// Takes the buffer away if it is large and little is in it, which stays in a small one.
    pub(crate) fn slim(&mut self) -> BytesMut {
        if self.buffer.capacity() <= spare::LEAST || self.buffer.len() > spare::LEAST {
            return BytesMut::new();
        }
        let kept = BytesMut::from(&self.buffer[..]);
        std::mem::replace(&mut self.buffer, kept)
    }

    /// Forgets all octets, and keeps the buffer.
    pub(crate) fn clear(&mut self) {
        self.buffer.clear();
        self.sent = 0;
        self.apart.strings.clear();
        self.apart.octets = 0;
    }
}

impl Apart {
    /// A byte string that stands before that place in the buffer.
    pub(crate) fn push(&mut self, at: usize, string: Bytes) {
        self.octets += string.len();
        self.strings.push_back((at, string));
    }

    pub(crate) fn octets(&self) -> usize {
        self.octets
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(parts: &[(&str, &'static str)]) -> Pieces {
        let mut pieces = Pieces::default();
        for (copied, apart) in parts {
            pieces.buffer.extend_from_slice(copied.as_bytes());
            let at = pieces.buffer.len();
            pieces.apart.push(at, Bytes::from_static(apart.as_bytes()));
        }
        pieces
    }

    fn whole(pieces: &Pieces) -> String {
        pieces.iter().map(|piece| std::str::from_utf8(piece).unwrap()).collect()
    }

    #[test]
    fn however_it_is_cut_it_goes_out_in_order() {
        let all = [("", "ab"), ("cde", "f"), ("", "gh"), ("i", "jkl")];
        for step in 1..=14 {
            let mut pieces = pieces(&all);
            pieces.buffer.extend_from_slice(b"mn");
            let mut sent = String::new();
            assert!(pieces.one().is_none());
            while pieces.len() > 0 {
                assert!(pieces.iter().all(|piece| !piece.is_empty()));
                let rest = whole(&pieces);
                assert_eq!(rest.len(), pieces.len());
                let now = step.min(rest.len());
                sent.push_str(&rest[..now]);
                pieces.advance(now);
            }
            assert_eq!((sent.as_str(), pieces.iter().count()), ("abcdefghijklmn", 0));
            assert_eq!(pieces.one(), Some(&[][..]));
        }
    }

    #[test]
    fn a_large_buffer_is_given_away_without_what_is_in_it() {
        let mut pieces = pieces(&[("ab", "cd"), ("ef", "")]);
        assert_eq!(pieces.slim().capacity(), 0, "it is small");
        pieces.buffer.reserve(2 * spare::LEAST);
        pieces.advance(1);
        assert!(pieces.slim().capacity() > spare::LEAST);
        assert!(pieces.buffer.capacity() <= spare::LEAST);
        assert_eq!((whole(&pieces).as_str(), pieces.len()), ("bcdef", 5));
        pieces.buffer.extend_from_slice(&[b'x'; spare::LEAST]);
        assert_eq!(pieces.slim().capacity(), 0, "there is much in it");
    }

    #[test]
    fn what_is_cut_off_leaves_what_was_there() {
        let mut pieces = pieces(&[("ab", "cd")]);
        let mark = pieces.mark();
        pieces.buffer.extend_from_slice(b"ef");
        pieces.apart.push(4, Bytes::from_static(b"gh"));
        assert_eq!(pieces.since(mark), 4);
        pieces.truncate(mark);
        assert_eq!((whole(&pieces).as_str(), pieces.len()), ("abcd", 4));
        pieces.advance(3);
        pieces.clear();
        assert_eq!((pieces.len(), pieces.iter().count()), (0, 0));
    }
}
