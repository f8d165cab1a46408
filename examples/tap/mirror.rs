//! What one side says, taken apart into objects as the other side does it.

use bytes::{Buf, BytesMut};
use wire::Limits;
use wire::codec::{Received, Refusal, Scan, Scanner, Text};

use super::lost::Lost;

/// So much is kept of an object that is skipped, to show what it was.
const FRONT: usize = 4096;

/// The room of an object larger than this is given back after it.
const LARGE: usize = 1 << 20;

/// Reads what one side says, and keeps what it saves, as the other side does.
///
/// It holds one object at the most, which the limits bound.
pub(crate) struct Mirror {
    scanner: Scanner,
    received: Received,
    octets: BytesMut,
    /// So many octets at the front were the last object.
    used: usize,
    /// The beginning of the last object that was skipped.
    front: Vec<u8>,
    /// How many octets of the current object have been skipped.
    skipped: u64,
    /// All octets that were said.
    said: u64,
    /// From which octet on they were no objects.
    lost_at: Option<u64>,
}

/// An object, or the beginning of one that was skipped.
pub(crate) struct Found<'a> {
    pub(crate) object: &'a [u8],
    /// How many octets it has, those that were skipped too.
    pub(crate) octets: u64,
    /// Whether calls stand among its arguments.
    pub(crate) nested: bool,
    /// Why it was skipped.
    pub(crate) refused: Option<Refusal>,
    pub(crate) received: &'a Received,
}

impl Mirror {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            scanner: Scanner::new(limits),
            received: Received::new(limits, Text::Utf8),
            octets: BytesMut::new(),
            used: 0,
            front: Vec::new(),
            skipped: 0,
            said: 0,
            lost_at: None,
        }
    }

    /// The side has said these.
    pub(crate) fn add(&mut self, octets: &[u8]) {
        self.said += octets.len() as u64;
        if self.lost_at.is_none() {
            self.octets.extend_from_slice(octets);
        }
    }

    /// What was found next in what was added.
    pub(crate) fn next(&mut self) -> Option<Result<Found<'_>, Lost>> {
        let used = std::mem::take(&mut self.used);
        self.advance(used);
        if self.lost_at.is_some() {
            return None;
        }
        match self.scanner.scan(&self.octets, &mut self.received) {
            Ok(Scan::Object { len, calls, .. }) => Some(Ok(self.whole(len, calls))),
            Ok(Scan::Refused { discard, refusal, .. }) => {
                self.skip(discard);
                Some(self.refused(refusal))
            }
            Ok(Scan::More { discard }) => {
                self.skip(discard);
                None
            }
            Ok(_) => None,
            Err(error) => Some(Err(self.lose(error.kind.to_string()))),
        }
    }

    /// How many octets were said.
    pub(crate) fn said(&self) -> u64 {
        self.said
    }

    /// How many of them were not read, since they were no objects.
    pub(crate) fn unread(&self) -> u64 {
        self.lost_at.map_or(0, |at| self.said - at)
    }

    /// Whether an object has begun that has not ended.
    pub(crate) fn is_within_object(&self) -> bool {
        self.lost_at.is_none() && self.scanner.is_within_object()
    }

    fn whole(&mut self, len: usize, calls: u32) -> Found<'_> {
        self.used = len;
        let (object, octets, received) = (&self.octets[..len], len as u64, &self.received);
        Found { object, octets, nested: calls > 1, refused: None, received }
    }

    /// Drops so many octets at the front, which are of an object that is being skipped.
    fn skip(&mut self, count: usize) {
        if self.skipped == 0 {
            self.front.clear();
            self.front.extend_from_slice(&self.octets[..count.min(FRONT)]);
        }
        self.skipped += count as u64;
        self.advance(count);
    }

    fn advance(&mut self, count: usize) {
        self.octets.advance(count);
        if count > LARGE {
            self.octets = BytesMut::from(&self.octets[..]);
        }
    }

    fn refused(&mut self, refusal: Refusal) -> Result<Found<'_>, Lost> {
        // No peer sends that. It is what untagged data look like which begin with a few zeros.
        if refusal == Refusal::NotASymbolFunction {
            return Err(self.lose(refusal.to_string()));
        }
        let octets = std::mem::take(&mut self.skipped);
        let (object, refused, received) = (&self.front[..], Some(refusal), &self.received);
        Ok(Found { object, octets, nested: false, refused, received })
    }

    fn lose(&mut self, why: String) -> Lost {
        let at = self.said - self.octets.len() as u64 - self.skipped;
        self.lost_at = Some(at);
        let (rest, front) = (std::mem::take(&mut self.octets), std::mem::take(&mut self.front));
        let front = if self.skipped > 0 { front } else { Vec::new() };
        Lost::new(at, why, front.into_iter().chain(rest))
    }
}
