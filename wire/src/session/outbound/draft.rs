//! How output is appended: whole, or not at all.

use std::sync::atomic::Ordering;

use crate::codec::{Encoder, Mark, Pieces, Sent, Unsendable};
use crate::session::call::Place;
use crate::session::error::SendError;
use crate::session::outbound::Outbound;

impl<W> Outbound<W> {
    /// Runs `write` on a draft: what it appends stays only if it succeeds and the peer may hold
    /// the objects that it names. `write` keeps note of the place it is at.
    pub(super) fn draft<T>(
        &mut self,
        write: impl FnOnce(&mut Encoder<'_>, &mut Place) -> Result<T, Unsendable>,
    ) -> Result<T, SendError> {
        let (start, saved) = (self.buffer.mark(), self.sent.len());
        let (buffer, sent) = (&mut self.buffer, &mut self.sent);
        let draft = Draft { buffer, sent, start, saved, kept: false };
        let mut place = Place::default();
        let mut out = Encoder::to_pieces(draft.buffer, draft.sent, &self.peer);
        let written =
            write(&mut out, &mut place).and_then(|written| out.finish().map(|()| written));
        let tokens = out.take_tokens_sent();
        let written = written.map_err(|error| SendError::Unsendable { place, error })?;
        if !tokens.is_empty() {
            self.exports.count(&tokens)?;
        }
        draft.keep();
        self.has_grown(self.buffer.since(start));
        Ok(written)
    }

    /// So many octets were appended, to stay.
    #[inline]
    pub(super) fn has_grown(&mut self, octets: usize) {
        self.appended += octets as u64;
        self.buffered_now.store(self.buffered(), Ordering::Relaxed);
    }
}

/// Output that is not there yet: dropped without being kept, also by a panic in someone's
/// `to_wire`, it leaves the buffer and the cache as they were.
struct Draft<'a> {
    buffer: &'a mut Pieces,
    sent: &'a mut Sent,
    start: Mark,
    saved: u32,
    kept: bool,
}

impl Draft<'_> {
    fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Draft<'_> {
    fn drop(&mut self) {
        if !self.kept {
            self.buffer.truncate(self.start);
            self.sent.rollback(self.saved);
        }
    }
}
