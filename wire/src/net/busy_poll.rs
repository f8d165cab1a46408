//! `BusyPoll`: a wire's task that stays awake where its peer is about to send.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;

/// How many turns pass before the first attempt: only a conversation is worth one.
const UNTRIED: u32 = 16;

/// Rests are no longer than `2^(WORST - 1)` turns. A turn that ends in sleep takes at least 10 µs,
/// so that looking in vain for 100 µs costs no more than one part in 25.
const WORST: u32 = 9;

/// A look takes about 1 µs, or some 10 where another thread of the runtime wakes on this CPU for the
/// same input. Where it took longer than this the system gave the CPU to somebody else, who needs it
/// more.
const LOOK: Duration = Duration::from_micros(25);

/// How long one poll of the task may take for it on several threads, where others can take what
/// waits behind it. Each yield wakes one of them, so it is not done between any two looks.
const SLICE: Duration = Duration::from_micros(200);

/// Which wire of this process has written last.
static LAST: AtomicU64 = AtomicU64::new(0);
/// How many there have been.
static WIRES: AtomicU64 = AtomicU64::new(0);

/// Whether, and for how long, a wire's task looks for input before it sleeps.
///
/// A CPU that has gone idle takes some 5 to 50 µs to wake: often longer than the peer takes to send
/// what comes next, and waking it costs more than looking. An attempt in vain is followed by a rest
/// of some turns, twice as many with each. So it is where wires take turns: what others do with the
/// CPU is worth more than waiting.
///
/// The time is the machine's, not tokio's: a test that has stopped that clock sleeps all the same.
pub(crate) struct BusyPoll {
    wire: u64,
    last: &'static AtomicU64,
    longest: Duration,
    slice: Duration,
    /// When the task's poll has taken long enough.
    poll_ends: Option<Instant>,
    /// When the attempt is in vain.
    until: Option<Instant>,
    /// The last look, after which nobody else was to have the CPU.
    looked: Option<Instant>,
    misses: u32,
    rest: u32,
}

/// What a task does that has found no input.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Next {
    /// It looks again.
    Look,
    /// It lets other tasks have their turn, and looks again then.
    Yield,
    /// It sleeps.
    Sleep,
}

impl BusyPoll {
    /// For a task of the runtime that this is called in, which looks up to `longest`.
    pub(crate) fn new(longest: Duration) -> Self {
        let several =
            Handle::try_current().is_ok_and(|runtime| runtime.metrics().num_workers() > 1);
        Self::with(longest, if several { SLICE } else { Duration::ZERO }, &LAST)
    }

    fn with(longest: Duration, slice: Duration, last: &'static AtomicU64) -> Self {
        Self {
            wire: WIRES.fetch_add(1, Ordering::Relaxed) + 1,
            last,
            longest,
            slice,
            poll_ends: None,
            until: None,
            looked: None,
            misses: 0,
            rest: UNTRIED,
        }
    }

    /// The task is polled anew.
    pub(crate) fn polled(&mut self) {
        self.poll_ends = None;
    }

    /// The task has written, and has nothing to do but to read: has it look, if that promises
    /// anything.
    pub(crate) fn begin(&mut self, now: impl FnOnce() -> Instant) {
        if self.longest.is_zero() {
            return;
        }
        let alone = self.last.swap(self.wire, Ordering::Relaxed) == self.wire;
        if self.rest > 0 {
            self.rest -= 1;
        } else if alone {
            self.until = now().checked_add(self.longest);
        } else {
            self.miss();
        }
    }

    /// Whether the task is looking.
    pub(crate) fn is_on(&self) -> bool {
        self.until.is_some()
    }

    /// There was no input.
    pub(crate) fn next(&mut self, now: Instant) -> Next {
        let in_vain = self.until.is_none_or(|until| now >= until);
        if in_vain || self.is_torn(now) {
            self.miss();
            return Next::Sleep;
        }
        if now < *self.poll_ends.get_or_insert(now + self.slice) {
            self.looked = Some(now);
            return Next::Look;
        }
        self.looked = None;
        Next::Yield
    }

    /// Input has come.
    pub(crate) fn pay(&mut self, now: Instant) {
        if self.is_torn(now) {
            self.miss();
        } else if self.looked.is_some() {
            self.misses = self.misses.saturating_sub(1);
        }
        // What was there at the first look says nothing about waiting.
        self.stop();
    }

    /// The task has something else to do.
    pub(crate) fn stop(&mut self) {
        self.until = None;
        self.looked = None;
    }

    fn is_torn(&self, now: Instant) -> bool {
        self.looked.is_some_and(|looked| now.saturating_duration_since(looked) > LOOK)
    }

    fn miss(&mut self) {
        self.stop();
        self.misses = (self.misses + 1).min(WORST);
        self.rest = (1 << self.misses) >> 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONGEST: Duration = Duration::from_micros(100);
    const STEP: Duration = Duration::from_micros(1);

    /// One whose wire is alone, and has said enough for a first attempt.
    fn tried(slice: Duration) -> BusyPoll {
        let mut busy = BusyPoll::with(LONGEST, slice, Box::leak(Box::default()));
        for _ in 0..UNTRIED {
            busy.begin(|| unreachable!("the clock is not asked for a wire that says little"));
            assert!(!busy.is_on());
        }
        busy
    }

    /// Looks in vain until it sleeps. Says how often it looked.
    fn in_vain(busy: &mut BusyPoll, now: &mut Instant) -> u32 {
        for looks in 1.. {
            *now += STEP;
            if busy.next(*now) == Next::Sleep {
                assert!(!busy.is_on());
                return looks;
            }
        }
        unreachable!()
    }

    #[test]
    fn it_looks_as_long_as_it_may() {
        let (mut busy, mut now) = (tried(SLICE), Instant::now());
        busy.begin(|| now);
        assert!(busy.is_on());
        assert_eq!(in_vain(&mut busy, &mut now), 100);
    }

    #[test]
    fn rests_double_while_it_is_in_vain_and_end() {
        let (mut busy, mut now) = (tried(SLICE), Instant::now());
        let mut rests = Vec::new();
        for _ in 0..12 {
            busy.begin(|| now);
            assert!(busy.is_on());
            in_vain(&mut busy, &mut now);
            rests.push(busy.rest);
            for _ in 0..busy.rest {
                busy.begin(|| now);
                assert!(!busy.is_on());
            }
        }
        assert_eq!(rests, [1, 2, 4, 8, 16, 32, 64, 128, 256, 256, 256, 256]);
        for _ in 0..WORST {
            busy.polled();
            busy.begin(|| now);
            assert_eq!(busy.next(now), Next::Look);
            busy.pay(now);
        }
        busy.begin(|| now);
        in_vain(&mut busy, &mut now);
        assert_eq!(busy.rest, 1, "what has paid since is remembered");
    }

    #[test]
    fn input_at_the_first_look_proves_nothing() {
        let (mut busy, mut now) = (tried(SLICE), Instant::now());
        busy.begin(|| now);
        in_vain(&mut busy, &mut now);
        busy.begin(|| now);
        busy.begin(|| now);
        busy.pay(now);
        assert_eq!((busy.is_on(), busy.misses), (false, 1));
    }

    #[test]
    fn a_look_that_took_long_was_in_vain_even_if_input_came() {
        let (mut busy, now) = (tried(SLICE), Instant::now());
        busy.begin(|| now);
        assert_eq!(busy.next(now), Next::Look);
        assert_eq!(busy.next(now + 2 * LOOK), Next::Sleep);
        assert_eq!(busy.misses, 1);
        busy.begin(|| now);
        busy.begin(|| now);
        assert_eq!(busy.next(now), Next::Look);
        busy.pay(now + 2 * LOOK);
        assert_eq!((busy.is_on(), busy.misses), (false, 2));
    }

    #[test]
    fn a_wire_that_takes_turns_with_another_does_not_look() {
        let (mut busy, now) = (tried(SLICE), Instant::now());
        let mut other = BusyPoll::with(LONGEST, SLICE, busy.last);
        other.begin(|| now);
        busy.begin(|| now);
        assert_eq!((busy.is_on(), busy.misses), (false, 1));
    }

    #[test]
    fn others_have_their_turn_after_a_slice_and_on_one_thread_always() {
        let (mut busy, now) = (tried(2 * STEP), Instant::now());
        busy.begin(|| now);
        let next = [0, 1, 2, 3].map(|steps| busy.next(now + steps * STEP));
        assert_eq!(next, [Next::Look, Next::Look, Next::Yield, Next::Yield]);
        busy.polled();
        // However long they took.
        assert_eq!(busy.next(now + 50 * STEP), Next::Look);

        let mut busy = tried(Duration::ZERO);
        busy.begin(|| now);
        assert_eq!([0, 1].map(|steps| busy.next(now + steps * STEP)), [Next::Yield; 2]);
    }

    #[test]
    fn zero_looks_never() {
        let mut busy = BusyPoll::with(Duration::ZERO, SLICE, Box::leak(Box::default()));
        for _ in 0..1000 {
            busy.begin(|| unreachable!("nobody looks"));
        }
        assert!(!busy.is_on());
    }
}
