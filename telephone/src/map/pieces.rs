//! What of a map is still to be handed out.

use std::collections::VecDeque;
use std::ops::Range;

/// Neighbouring items that one command is to do.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Piece {
    /// Their places; never empty.
    pub(super) items: Range<usize>,
    /// How often a partner took it and did not come back with an answer.
    pub(super) losses: u32,
}

impl Piece {
    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// The same items in up to [`PARTS`] pieces.
    fn split(&self) -> impl DoubleEndedIterator<Item = Self> {
        let size = self.len().div_ceil(PARTS);
        let starts = self.items.clone().step_by(size).collect::<Vec<_>>();
        let (end, losses) = (self.items.end, self.losses);
        starts.into_iter().map(move |start| Self { items: start..end.min(start + size), losses })
    }
}

/// The items that nobody has been given, and those that came back undone.
#[derive(Debug)]
pub(super) struct Pieces {
    fresh: Range<usize>,
    /// Handed out first, so that an item that is in trouble holds up the end as little as possible.
    back: VecDeque<Piece>,
}

impl Pieces {
    pub(super) fn new(count: usize) -> Self {
        Self { fresh: 0..count, back: VecDeque::new() }
    }

    /// The next piece, of at most `most` items, and no longer than `octets` unless one item is.
    pub(super) fn take(
        &mut self,
        most: usize,
        octets: usize,
        length: impl Fn(usize) -> usize,
    ) -> Option<Piece> {
        if let Some(piece) = self.back.pop_front() {
            return Some(piece);
        }
        let start = self.fresh.next()?;
        let mut total = length(start);
        while self.fresh.start - start < most.max(1) && !self.fresh.is_empty() {
            total += length(self.fresh.start);
            if total > octets {
                break;
            }
            self.fresh.start += 1;
        }
        Some(Piece { items: start..self.fresh.start, losses: 0 })
    }

    /// A piece that came back undone, for the next partner that is free.
    pub(super) fn give_back(&mut self, piece: Piece) {
        self.back.push_back(piece);
    }

    /// A piece that ended as a whole, through the fault of some of its items: they go on in smaller
    /// pieces, in the end alone. Sixteen parts find one guilty item among a thousand in three more
    /// commands that end so, each of which may cost a whole time limit.
    pub(super) fn split(&mut self, piece: &Piece) {
        for part in piece.split().rev() {
            self.back.push_front(part);
        }
    }

    /// How many items have yet to be handed out.
    pub(super) fn left(&self) -> usize {
        self.fresh.len() + self.back.iter().map(Piece::len).sum::<usize>()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.fresh.is_empty() && self.back.is_empty()
    }
}

/// See [`Pieces::split`].
const PARTS: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(items: Range<usize>) -> Piece {
        Piece { items, losses: 0 }
    }

    #[test]
    fn pieces_are_as_many_items_as_asked_for_and_fit() {
        let mut pieces = Pieces::new(10);
        assert_eq!(pieces.take(4, 100, |_| 1), Some(piece(0..4)));
        assert_eq!(pieces.take(4, 3, |_| 1), Some(piece(4..7)));
        assert_eq!(pieces.take(4, 3, |_| 5), Some(piece(7..8)));
        assert_eq!(pieces.take(0, 3, |_| 1), Some(piece(8..9)));
        assert_eq!(pieces.left(), 1);
        assert_eq!(pieces.take(9, 100, |_| 1), Some(piece(9..10)));
        assert_eq!(pieces.take(9, 100, |_| 1), None);
        assert!(pieces.is_empty());
    }

    #[test]
    fn what_came_back_goes_first() {
        let mut pieces = Pieces::new(6);
        let first = pieces.take(2, 100, |_| 1).unwrap();
        pieces.give_back(first.clone());
        assert_eq!(pieces.take(1, 100, |_| 1), Some(first));
        assert_eq!(pieces.take(9, 100, |_| 1), Some(piece(2..6)));
    }

    #[test]
    fn the_parts_of_a_piece_are_all_of_it_in_order() {
        for len in [2, 15, 16, 17, 100, 1000] {
            let mut pieces = Pieces::new(0);
            pieces.split(&piece(3..3 + len));
            assert!(pieces.back.len() <= PARTS);
            let items = pieces.back.iter().flat_map(|part| part.items.clone());
            assert!(items.eq(3..3 + len), "{len}");
        }
    }
}
