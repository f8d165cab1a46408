//! Numbers, strings and records of them as elements of a list: of these most large objects consist.

use crate::codec::encode::symbol::{NIL, T, symbol_weight};
use crate::codec::encode::{Encoder, Frame, ListEncoder};
use crate::codec::error::Unsendable;
use crate::codec::op::{Op, Reads};
use crate::codec::scan::NODE;
use crate::codec::sent::{Sent, Shape};
use crate::codec::text::Text;
use crate::spare;

/// Octets that are appended at once.
const BLOCK: usize = 512;

/// Writes what stands in no frame of its own into a block of memory, and charges it, in registers.
///
/// What does not fit, or needs more than is here, is `None`, and the whole element is written by the
/// [`Encoder`], which says what was against it.
#[derive(Debug)]
pub struct FlatEncoder<'b> {
    /// What is left of the block.
    room: &'b mut [u8],
    /// What may still be charged.
    weight: u64,
    /// Levels that may be open, of which so many are.
    limit: u32,
    depth: u32,
    deepest: u32,
    sent: &'b Sent,
}

impl FlatEncoder<'_> {
    /// Writes a record, in which `fields` writes the values.
    #[inline]
    pub fn record(
        &mut self,
        shape: &'static Shape,
        fields: impl FnOnce(&mut Self) -> Option<()>,
    ) -> Option<()> {
        let index @ ..=0x7f = self.sent.drawn(shape.number())? else { return None };
        // The record, and the list of its keys.
        let deepest = self.depth.checked_add(2).filter(|&depth| depth <= self.limit)?;
        let count = shape.keys().len() as u8;
        let head = [Op::Record.byte(), count, Op::ShortLookup.byte(), index as u8];
        self.put(head, NODE + shape.weight())?;
        self.deepest = self.deepest.max(deepest);
        self.depth += 1;
        fields(self)?;
        self.depth -= 1;
        Some(())
    }

    #[inline]
    pub(crate) fn integer(&mut self, integer: i64) -> Option<()> {
        if let Ok(small) = i8::try_from(integer) {
            return self.put([Op::Small.byte(), small as u8], NODE);
        }
        match i32::try_from(integer) {
            Ok(number) => self.atom::<4, 5>(Op::Number, number.to_be_bytes()),
            Err(_) => self.words(integer < 0, integer.unsigned_abs()),
        }
    }

    #[inline]
    pub(crate) fn unsigned(&mut self, integer: u64) -> Option<()> {
        match i64::try_from(integer) {
            Ok(integer) => self.integer(integer),
            Err(_) => self.words(false, integer),
        }
    }

    #[inline]
    pub(crate) fn double(&mut self, float: f64) -> Option<()> {
        self.atom::<8, 9>(Op::Double, float.to_be_bytes())
    }

    #[inline]
    pub(crate) fn single(&mut self, float: f32) -> Option<()> {
        self.atom::<4, 5>(Op::Single, float.to_be_bytes())
    }

    #[inline]
    pub(crate) fn string(&mut self, text: &str) -> Option<()> {
        let octets = text.as_bytes();
        let room = std::mem::take(&mut self.room);
        let (head, room) = room.split_first_chunk_mut()?;
        let (place, room) = room.split_at_mut_checked(octets.len())?;
        self.charge(NODE + octets.len() as u64)?;
        // What has room in a block has a length of few octets.
        let length = (octets.len() as u32).to_be_bytes();
        *head = [Op::String.byte(), length[0], length[1], length[2], length[3]];
        place.copy_from_slice(octets);
        self.room = room;
        Some(())
    }

    /// `T` or `NIL`, if that was sent before.
    #[inline]
    pub(crate) fn boolean(&mut self, truth: bool) -> Option<()> {
        let site = if truth { &T } else { &NIL };
        let index @ ..=0x7f = self.sent.drawn(site.number())? else { return None };
        let weight = symbol_weight(site.name().as_bytes(), site.package().as_bytes());
        self.put([Op::ShortLookup.byte(), index as u8], weight)
    }

    /// An integer of more than 32 bits, as few words as do.
    #[inline]
    fn words(&mut self, negative: bool, magnitude: u64) -> Option<()> {
        let count = if magnitude > u32::MAX.into() { 2_i32 } else { 1 };
        let signed = if negative { -count } else { count };
        self.atom::<4, 5>(Op::Bignum, signed.to_be_bytes())?;
        match u32::try_from(magnitude) {
            Ok(word) => self.put(word.to_be_bytes(), 4),
            Err(_) => self.put(magnitude.to_be_bytes(), 8),
        }
    }

    #[inline]
    fn atom<const N: usize, const ALL: usize>(&mut self, op: Op, octets: [u8; N]) -> Option<()> {
        let mut all = [op.byte(); ALL];
        all[1..].copy_from_slice(&octets);
        self.put(all, NODE)
    }

    #[inline]
    fn put<const N: usize>(&mut self, octets: [u8; N], weight: u64) -> Option<()> {
        self.charge(weight)?;
        self.append(octets)
    }

    #[inline]
    fn charge(&mut self, weight: u64) -> Option<()> {
        self.weight = self.weight.checked_sub(weight)?;
        Some(())
    }

    #[inline]
    fn append<const N: usize>(&mut self, octets: [u8; N]) -> Option<()> {
        let (place, room) = std::mem::take(&mut self.room).split_first_chunk_mut()?;
        *place = octets;
        self.room = room;
        Some(())
    }
}

impl ListEncoder<'_, '_> {
    /// Writes elements as long as `write` does it; gives how many that were, and the first that was
    /// not written.
    ///
    /// # Errors
    /// The last element was not one object.
    #[inline]
    pub(crate) fn flat<T>(
        &mut self,
        items: &mut impl Iterator<Item = T>,
        write: impl Fn(&T, &mut FlatEncoder<'_>) -> Option<()>,
    ) -> Result<(usize, Option<T>), Unsendable> {
        self.check()?;
        let (mut all, mut next) = (0, items.next());
        if self.conses {
            return Ok((all, next));
        }
        let mut block = [0; BLOCK];
        loop {
            let Some(mut out) = self.out.flat(&mut block) else { return Ok((all, next)) };
            let (weight, mut written) = (out.weight, 0);
            let mut done = (BLOCK, weight, out.deepest);
            while let Some(item) = &next {
                if written == self.left || write(item, &mut out).is_none() {
                    break;
                }
                done = (out.room.len(), out.weight, out.deepest);
                written += 1;
                next = items.next();
            }
            if written == 0 {
                return Ok((all, next));
            }
            (all, self.left) = (all + written, self.left - written);
            let (room, left, deepest) = done;
            self.out.weight += weight - left;
            self.out.deepest = deepest;
            let octets = &block[..BLOCK - room];
            spare::reserve(self.out.buf, octets.len());
            self.out.buf.extend_from_slice(octets);
        }
    }
}

impl Encoder<'_> {
    /// Where elements of the list that is open are written, for a peer that reads all that they may be.
    #[inline]
    fn flat<'b>(&'b self, block: &'b mut [u8; BLOCK]) -> Option<FlatEncoder<'b>> {
        let peer = self.peer;
        if peer.reads != Reads::ALL || peer.text != Text::Utf8 {
            return None;
        }
        debug_assert_eq!(self.top, Frame::List { due: false });
        let (depth, deepest) = (self.depth(), self.deepest);
        let weight = peer.object_weight.saturating_sub(self.weight);
        let sent = self.sent.as_deref()?;
        Some(FlatEncoder { room: block, weight, limit: peer.depth, depth, deepest, sent })
    }
}
