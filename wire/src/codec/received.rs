//! The cache of what the peer saved.

use std::sync::atomic::{AtomicU32, Ordering};

use bytes::Bytes;

use crate::codec::error::ProtocolErrorKind;
use crate::codec::sent::Shape;
use crate::codec::text::{SymbolParts, SymbolRef, Text};
use crate::limits::Limits;

/// What the peer saved on its way to us, by index.
///
/// An index is written once in a wire's life. Only the [`Scanner`](crate::codec::Scanner) writes;
/// decoders read. What is refused, or past the limits, keeps its index and nothing else.
#[derive(Debug)]
pub struct Received {
    entries: Vec<Entry>,
    /// How many were saved. Beyond `entries` only this number grows.
    saved: u32,
    /// 0 <= octets <= most_octets
    octets: u64,
    most_entries: u32,
    most_octets: u64,
    text: Text,
}

#[derive(Debug)]
enum Entry {
    /// Its object has begun and not ended.
    Open,
    Refused,
    Kept(Kept),
}

/// An object that is kept.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    /// As it stood on the wire; never begins with a lookup.
    pub(crate) octets: Bytes,
    pub(crate) weight: u64,
    pub(crate) depth: u32,
    pub(crate) is_symbol: bool,
    /// What the layer above noted; `UNSET` if nothing.
    memo: u32,
    pub(crate) compared: Compared,
}

/// The type's shape that a list was compared with last, and what came of it.
///
/// Decoders, which share the cache, note it here, so that of a thousand records the keys are read
/// once.
#[derive(Debug, Default)]
pub(crate) struct Compared(AtomicU32);

impl Compared {
    /// Whether it was noted last that the list has the keys of that shape in their order, or that it
    /// has not.
    #[inline]
    pub(crate) fn noted(&self, shape: &Shape, same: bool) -> bool {
        self.0.load(Ordering::Relaxed) == Self::note_of(shape, same)
    }

    pub(crate) fn note(&self, shape: &Shape, same: bool) {
        self.0.store(Self::note_of(shape, same), Ordering::Relaxed);
    }

    /// Shapes are static, so there are far fewer than 2^31.
    #[inline]
    fn note_of(shape: &Shape, same: bool) -> u32 {
        (shape.number() as u32) << 1 | u32::from(same)
    }
}

impl Clone for Compared {
    fn clone(&self) -> Self {
        Self(AtomicU32::new(self.0.load(Ordering::Relaxed)))
    }
}

/// What a lookup finds.
pub(crate) enum Found<'a> {
    Kept(&'a Kept),
    Refused,
    Open,
    NeverSaved,
}

const UNSET: u32 = u32::MAX;

impl Received {
    /// An empty cache.
    pub fn new(limits: &Limits, text: Text) -> Self {
        Self {
            entries: Vec::new(),
            saved: 0,
            octets: 0,
            most_entries: limits.cache_entries,
            most_octets: limits.cache_bytes,
            text,
        }
    }

    /// How many objects the peer has saved, kept or not.
    pub fn len(&self) -> u32 {
        self.saved
    }

    /// Whether the peer has saved nothing.
    pub fn is_empty(&self) -> bool {
        self.saved == 0
    }

    /// The octets of what is kept.
    pub fn octets(&self) -> u64 {
        self.octets
    }

    /// The symbol at `index`, if there is one.
    pub fn symbol(&self, index: u32) -> Option<SymbolRef<'_>> {
        let kept = self.kept(index).filter(|kept| kept.is_symbol)?;
        SymbolParts::read(&kept.octets).map(|(parts, _)| parts.lossy(self.text))
    }

    pub(crate) fn text(&self) -> Text {
        self.text
    }

    /// What [`set_memo`](Self::set_memo) noted with the object at `index`.
    #[inline]
    pub fn memo(&self, index: u32) -> Option<u32> {
        self.kept(index).map(|kept| kept.memo).filter(|&memo| memo != UNSET)
    }

    /// Notes a number with the object at `index`, if it is kept: the layer above has the function
    /// of a symbol there, so that its second use costs no search. `u32::MAX` takes it away.
    pub fn set_memo(&mut self, index: u32, memo: u32) {
        if let Some(Entry::Kept(kept)) = self.entries.get_mut(index as usize) {
            kept.memo = memo;
        }
    }

    #[inline]
    pub(crate) fn kept(&self, index: u32) -> Option<&Kept> {
        match self.entries.get(index as usize) {
            Some(Entry::Kept(kept)) => Some(kept),
            _ => None,
        }
    }

    #[inline]
    pub(crate) fn find(&self, index: u32) -> Found<'_> {
        match self.entries.get(index as usize) {
            Some(Entry::Kept(kept)) => Found::Kept(kept),
            Some(Entry::Refused) => Found::Refused,
            Some(Entry::Open) => Found::Open,
            None if index < self.saved => Found::Refused,
            None => Found::NeverSaved,
        }
    }

    /// An object begins that is to be kept at `index`.
    pub(crate) fn open(&mut self, index: u32) -> Result<(), ProtocolErrorKind> {
        let next = self.saved;
        if index != next {
            return Err(ProtocolErrorKind::SaveIndex { index, next });
        }
        self.saved += 1;
        if index < self.most_entries {
            self.entries.push(Entry::Open);
        }
        Ok(())
    }

    pub(crate) fn refuse(&mut self, index: u32) {
        self.set(index, Entry::Refused);
    }

    /// Keeps a whole object, a symbol or another.
    pub(crate) fn keep(&mut self, index: u32, octets: &[u8], cost: Cost) {
        let total = self.octets + octets.len() as u64;
        if index >= self.most_entries || total > self.most_octets {
            return self.refuse(index);
        }
        self.octets = total;
        let Cost { weight, depth } = cost;
        let is_symbol = octets.first() == Some(&9);
        let octets = Bytes::copy_from_slice(octets);
        self.set(
            index,
            Entry::Kept(Kept {
                octets,
                weight,
                depth,
                is_symbol,
                memo: UNSET,
                compared: Compared::default(),
            }),
        );
    }

    /// Keeps at `index` what is kept at `of`, so that lookups never form chains.
    pub(crate) fn alias(&mut self, index: u32, of: u32) {
        match self.kept(of).cloned() {
            Some(kept) => self.set(index, Entry::Kept(kept)),
            None => self.refuse(index),
        }
    }

    fn set(&mut self, index: u32, entry: Entry) {
        if let Some(slot) = self.entries.get_mut(index as usize) {
            *slot = entry;
        }
    }
}

/// What a lookup of a kept object is charged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    pub(crate) weight: u64,
    pub(crate) depth: u32,
}
