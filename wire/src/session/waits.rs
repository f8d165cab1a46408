//! The table of our calls that wait for their values.

use std::ops::Range;

/// Waits have ids below this; objects have the ids above (see `object::table`).
const IDS: u32 = 1 << 30;

/// Our waiting calls by id.
///
/// Ids are handed out in order, as CMUCL does, and lead to their entry without hashing: an id's
/// slot is its low bits, and an id whose slot is still taken by an older call is passed over. An id
/// comes again only after 2^30 others; a late second answer therefore finds its slot empty or
/// taken by another id, never by another call of the same id.
#[derive(Debug)]
pub(crate) struct Waits<W> {
    /// A power of two of slots, at most half of them taken when an id is drawn.
    slots: Vec<Option<Entry<W>>>,
    len: usize,
    next: u32,
    /// Whether `next` has come round, so that every id was issued once.
    wrapped: bool,
}

/// One waiting call.
#[derive(Debug)]
pub(crate) struct Entry<W> {
    id: u32,
    /// What the caller left here to be told.
    pub(crate) waiter: W,
    /// Where in our output the call ends: before that many octets were accepted by the socket, it
    /// certainly has not run.
    pub(crate) end: u64,
    /// The cache indexes that were first saved by this call.
    pub(crate) saved: Range<u32>,
}

/// What an answer finds.
#[derive(Debug)]
pub(crate) enum Taken<W> {
    /// The call it answers.
    Waiting(Entry<W>),
    /// A call that has been answered before.
    Finished,
    /// No call of this wire: the peer lies.
    NeverIssued,
}

impl<W> Waits<W> {
    pub(crate) fn new() -> Self {
        Self { slots: Vec::new(), len: 0, next: 0, wrapped: false }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The id that the next insertion will take. Finds it, and grows the table if it is crowded.
    pub(crate) fn draw(&mut self) -> u32 {
        if (self.len + 1) * 2 > self.slots.len() {
            self.grow();
        }
        while self.slots[self.slot(self.next)].is_some() {
            self.advance();
        }
        self.next
    }

    /// Files a call under the id just drawn.
    pub(crate) fn insert(&mut self, id: u32, waiter: W, end: u64, saved: Range<u32>) {
        debug_assert_eq!(id, self.next, "the id must be the one drawn last");
        let slot = self.slot(id);
        self.slots[slot] = Some(Entry { id, waiter, end, saved });
        self.len += 1;
        self.advance();
    }

    /// Issues an id that nobody waits for: its answer finds its call finished.
    pub(crate) fn draw_unfiled(&mut self) -> u32 {
        let id = self.draw();
        self.advance();
        id
    }

    /// Takes out the call that an answer names.
    pub(crate) fn take(&mut self, id: u32) -> Taken<W> {
        if id >= IDS || (id >= self.next && !self.wrapped) {
            return Taken::NeverIssued;
        }
        let slot = self.slot(id);
        match self.slots.get_mut(slot).and_then(|entry| entry.take_if(|entry| entry.id == id)) {
            Some(entry) => {
                self.len -= 1;
                Taken::Waiting(entry)
            }
            None => Taken::Finished,
        }
    }

    /// Takes out every waiting call, oldest id first.
    pub(crate) fn take_all(&mut self) -> Vec<Entry<W>> {
        let mut ids: Vec<_> = self.slots.iter().flatten().map(|entry| entry.id).collect();
        ids.sort_unstable();
        let entries = ids.into_iter().filter_map(|id| match self.take(id) {
            Taken::Waiting(entry) => Some(entry),
            Taken::Finished | Taken::NeverIssued => None,
        });
        entries.collect()
    }

    fn slot(&self, id: u32) -> usize {
        id as usize & self.slots.len().wrapping_sub(1)
    }

    fn advance(&mut self) {
        self.next += 1;
        if self.next == IDS {
            self.next = 0;
            self.wrapped = true;
        }
    }

    /// Doubles the slots. Ids that differ in their low bits still do with one more bit.
    fn grow(&mut self) {
        let doubled = (self.slots.len() * 2).max(2);
        let old = std::mem::take(&mut self.slots);
        self.slots.resize_with(doubled, || None);
        for entry in old.into_iter().flatten() {
            let slot = self.slot(entry.id);
            self.slots[slot] = Some(entry);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(waits: &mut Waits<&'static str>, waiter: &'static str) -> u32 {
        let id = waits.draw();
        waits.insert(id, waiter, 0, 0..0);
        id
    }

    #[test]
    fn ids_come_in_order_and_an_answer_finds_its_call_once() {
        let mut waits = Waits::new();
        let ids: Vec<_> = (0..1000).map(|_| file(&mut waits, "call")).collect();
        assert_eq!(ids, (0..1000).collect::<Vec<_>>());
        for id in ids {
            assert!(matches!(waits.take(id), Taken::Waiting(_)));
            assert!(matches!(waits.take(id), Taken::Finished));
        }
        assert_eq!(waits.len(), 0);
        assert!(matches!(waits.take(1000), Taken::NeverIssued));
        assert!(matches!(waits.take(u32::MAX), Taken::NeverIssued));
    }

    #[test]
    fn an_answer_that_nobody_waits_for_finds_its_call_finished() {
        let mut waits = Waits::new();
        let unfiled = waits.draw_unfiled();
        let filed = file(&mut waits, "call");
        assert_ne!(unfiled, filed);
        assert!(matches!(waits.take(unfiled), Taken::Finished));
        assert_eq!(waits.len(), 1);
    }

    #[test]
    fn one_old_call_neither_grows_the_table_nor_is_found_by_others() {
        let mut waits = Waits::new();
        let old = file(&mut waits, "old");
        for _ in 0..100_000 {
            let id = file(&mut waits, "new");
            assert!(matches!(waits.take(id), Taken::Waiting(entry) if entry.waiter == "new"));
        }
        assert!(waits.slots.len() <= 8);
        assert!(matches!(waits.take(old), Taken::Waiting(entry) if entry.waiter == "old"));
    }

    #[test]
    fn ids_come_round_past_calls_that_still_wait() {
        let mut waits = Waits::new();
        let old = file(&mut waits, "old");
        waits.next = IDS - 1;
        assert_eq!(file(&mut waits, "last"), IDS - 1);
        assert_eq!(file(&mut waits, "round"), 1, "id 0 still waits");
        assert!(matches!(waits.take(2), Taken::Finished), "every id was issued once");
        assert!(matches!(waits.take(old), Taken::Waiting(entry) if entry.waiter == "old"));
        assert_eq!(waits.take_all().len(), 2);
    }
}
