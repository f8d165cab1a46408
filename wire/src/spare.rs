//! Large buffers, kept by each thread for its next large object.
//!
//! A wire keeps no large buffer while it is idle, and the memory of one that was just allocated
//! costs more than the copying into it: the kernel clears it page by page. So what one wire has
//! done with the next takes, whichever wire of the thread that is.

use std::cell::Cell;

use bytes::{Bytes, BytesMut};

/// What is smaller is left to the allocator.
pub(crate) const LEAST: usize = 64 << 10;
/// What is larger is not kept. A thread keeps twice as much at the most.
const MOST: usize = 4 << 20;

thread_local! {
    /// One for each direction of an echo.
    static SPARE: Cell<[BytesMut; 2]> = Cell::new([BytesMut::new(), BytesMut::new()]);
    /// Whether the thread has read large objects.
    static READS: Cell<bool> = const { Cell::new(false) };
}

/// Makes room for so many octets more: in a spare buffer, if there is one and it is worth it.
#[inline]
pub(crate) fn reserve(buffer: &mut BytesMut, additional: usize) {
    if buffer.capacity() - buffer.len() < additional {
        reserve_more(buffer, additional);
    }
}

#[cold]
fn reserve_more(buffer: &mut BytesMut, additional: usize) {
    let needed = buffer.len().saturating_add(additional);
    if needed > LEAST {
        reserve_large(buffer, needed);
    }
    buffer.reserve(additional);
}

fn reserve_large(buffer: &mut BytesMut, needed: usize) {
    let mut spares = SPARE.take();
    // The smallest that does: what it is taken for may be kept for long.
    if spares[0].capacity() > spares[1].capacity() {
        spares.swap(0, 1);
    }
    for spare in &mut spares {
        if spare.try_reclaim(needed) {
            spare.extend_from_slice(buffer);
            std::mem::swap(buffer, spare);
            spare.clear();
            break;
        }
    }
    SPARE.set(spares);
}

/// Makes room for the rest of an object, whose length a peer has told: for all of it in a spare
/// buffer, which is there already; else for as much as has come, so that nothing is allocated on the
/// peer's word. Does nothing while one more read fits.
pub(crate) fn grow(buffer: &mut BytesMut, missing: usize) {
    let room = buffer.capacity() - buffer.len();
    if room >= missing.min(LEAST) {
        return;
    }
    READS.set(true);
    let come = buffer.len();
    reserve_large(buffer, come.saturating_add(missing));
    if buffer.capacity() - come < missing {
        buffer.reserve(missing.min(come.max(LEAST)));
    }
}

/// A received object, to be shared. When nobody has a part of it any more, its buffer is a spare
/// one, if it was a thread that reads which dropped the last: of others there may be many.
pub(crate) fn share(buffer: BytesMut) -> Bytes {
    Bytes::from_owner(Lent(buffer))
}

struct Lent(BytesMut);

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        // A thread that ends keeps nothing.
        if READS.try_with(Cell::get).unwrap_or(false) {
            give(std::mem::take(&mut self.0));
        }
    }
}

/// Gives a buffer back that is not needed any more; its content is forgotten.
pub(crate) fn give(mut buffer: BytesMut) {
    buffer.clear();
    // Consumed octets count again: nobody shares the buffer.
    if !buffer.try_reclaim(LEAST) || buffer.capacity() > MOST {
        return;
    }
    let Ok(mut spares) = SPARE.try_with(Cell::take) else { return };
    if let Some(spare) = spares.iter_mut().min_by_key(|spare| spare.capacity()) {
        if spare.capacity() < buffer.capacity() {
            *spare = buffer;
        }
    }
    SPARE.set(spares);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(octets: usize) -> BytesMut {
        BytesMut::from(&vec![7; octets][..])
    }

    #[test]
    fn what_was_given_back_is_taken_with_what_stood_in_the_smaller_one() {
        let large = filled(3 * LEAST);
        let at = large.as_ptr();
        give(large);
        let mut buffer = filled(10);
        reserve(&mut buffer, 2 * LEAST);
        assert_eq!((buffer.as_ptr(), &*buffer), (at, &[7; 10][..]));
        assert!(buffer.capacity() >= 10 + 2 * LEAST);
        let mut other = BytesMut::new();
        reserve(&mut other, 2 * LEAST);
        assert_ne!(other.as_ptr(), at, "it is taken once");
    }

    #[test]
    fn a_consumed_buffer_is_whole_again() {
        use bytes::Buf;

        let mut large = filled(2 * LEAST);
        let at = large.as_ptr();
        large.advance(2 * LEAST - 1);
        give(large);
        let mut buffer = BytesMut::new();
        reserve(&mut buffer, 2 * LEAST);
        assert_eq!(buffer.as_ptr(), at);
    }

    #[test]
    fn two_are_kept_the_largest_and_none_beyond_the_limit() {
        let capacities = || {
            let spares = SPARE.take();
            let mut capacities = spares.each_ref().map(BytesMut::capacity);
            SPARE.set(spares);
            capacities.sort_unstable();
            capacities
        };
        give(filled(MOST + 1));
        give(filled(LEAST - 1));
        assert_eq!(capacities(), [0, 0]);
        [2, 4, 3].into_iter().for_each(|times| give(filled(times * LEAST)));
        assert_eq!(capacities(), [3 * LEAST, 4 * LEAST]);
    }

    #[test]
    fn small_buffers_are_left_alone() {
        give(filled(2 * LEAST));
        let mut buffer = BytesMut::new();
        reserve(&mut buffer, 100);
        assert!(buffer.capacity() < LEAST);
    }

    #[test]
    fn a_length_that_was_only_told_is_not_allocated() {
        let mut buffer = filled(10);
        let room = |buffer: &BytesMut| buffer.capacity() - buffer.len();
        grow(&mut buffer, 1 << 30);
        assert!((LEAST..=2 * LEAST).contains(&room(&buffer)), "{}", room(&buffer));
        buffer.resize(5 * LEAST, 1);
        buffer.reserve(1);
        let before = buffer.capacity();
        while room(&buffer) >= LEAST {
            buffer.extend_from_slice(&[1]);
        }
        grow(&mut buffer, 1 << 30);
        assert!(buffer.capacity() <= 2 * before.max(buffer.len()), "it at most doubles");
        // The rest of it is known to come.
        let mut buffer = filled(3 * LEAST);
        grow(&mut buffer, 100);
        assert!(room(&buffer) >= 100);
    }

    #[test]
    fn what_nobody_shares_any_more_is_a_spare_of_threads_that_read() {
        let taken = || {
            let mut buffer = filled(1);
            grow(&mut buffer, 3 * LEAST);
            buffer.as_ptr()
        };
        let large = filled(4 * LEAST);
        let at = large.as_ptr();
        let shared = share(large);
        assert_ne!(taken(), at, "this thread reads from now on");
        let part = shared.slice(5..100);
        drop(shared);
        assert_ne!(taken(), at, "a part of it is still held");
        drop(part);
        assert_eq!(taken(), at);
        std::thread::spawn(move || {
            drop(share(filled(4 * LEAST)));
            let spares = SPARE.take();
            assert!(spares.iter().all(|spare| spare.capacity() == 0));
        })
        .join()
        .unwrap();
    }
}
