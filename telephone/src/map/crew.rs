//! The partners of a map: who is there, how much each can take, who is left alone for a while.

use std::time::Duration;

use tokio::time::Instant;

use super::MapSettings;
use super::worker::Trouble;

/// A partner as the map knows it.
#[derive(Debug)]
pub(super) struct Member<W> {
    pub(super) worker: W,
    pub(super) standing: Standing,
    /// How many commands it is given at a time, once it has said how many it runs.
    lanes: usize,
    /// Chunks on their way to it and back. May exceed `lanes` if it comes back with fewer.
    pub(super) in_flight: usize,
    /// How many items it is given at a time.
    pub(super) size: usize,
    /// Items it has done.
    pub(super) done: usize,
    /// For how long it is left alone the next time that it fails.
    pause: Duration,
    /// Until when its queue takes nothing.
    full_until: Option<Instant>,
    /// What was wrong with it the last time.
    pub(super) trouble: Option<String>,
}

/// ```text
///   Away ──(its pause is over)──► Asked ──(it answers)──► There
///    ▲                              │                       │
///    └────────(no answer)───────────┴──────(it fails)───────┘
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Standing {
    /// It answered, and gets work.
    There,
    /// It is being asked whether it is there.
    Asked,
    /// It failed, and is left alone until then. `refused` if it was reached and said no.
    Away { until: Instant, refused: bool },
}

impl<W> Member<W> {
    /// One that has yet to be asked.
    pub(super) fn new(worker: W, settings: &MapSettings) -> Self {
        Self {
            worker,
            standing: Standing::Away { until: Instant::now(), refused: false },
            lanes: 0,
            in_flight: 0,
            size: FIRST_SIZE.min(settings.most_items),
            done: 0,
            pause: FIRST_PAUSE,
            full_until: None,
            trouble: None,
        }
    }

    pub(super) fn is_there(&self) -> bool {
        self.standing == Standing::There
    }

    pub(super) fn has_refused(&self) -> bool {
        matches!(self.standing, Standing::Away { refused: true, .. })
    }

    /// How many chunks it is given at a time; nothing while it is away.
    pub(super) fn lanes(&self) -> usize {
        if self.is_there() { self.lanes } else { 0 }
    }

    /// Whether another chunk may go to it now.
    pub(super) fn is_free(&self, now: Instant) -> bool {
        self.in_flight < self.lanes() && self.full_until.is_none_or(|until| until <= now)
    }

    /// When something about it changes without its doing.
    pub(super) fn next_look(&self) -> Option<Instant> {
        match self.standing {
            Standing::There => self.full_until,
            Standing::Asked => None,
            Standing::Away { until, .. } => Some(until),
        }
    }

    /// It answered: it is there, and runs so many commands at a time.
    ///
    /// One more than that, so that it need not wait for us between two.
    pub(super) fn came(&mut self, concurrency: usize, settings: &MapSettings) {
        self.standing = Standing::There;
        self.lanes = settings.in_flight.unwrap_or_else(|| (concurrency + 1).clamp(2, MAX_LANES));
    }

    /// It failed: left alone, each time for longer, until it has done something again.
    ///
    /// A chunk that fails after another one has said so already tells nothing new.
    pub(super) fn failed(&mut self, trouble: &Trouble, now: Instant) {
        let (reason, refused) = match trouble {
            Trouble::Refused(reason) => (reason.clone(), true),
            Trouble::Gone(reason) | Trouble::TooLong(reason) => (reason.clone(), false),
            Trouble::Full(_) => ("its queue is full".to_owned(), false),
        };
        self.trouble = Some(reason);
        if matches!(self.standing, Standing::Away { .. }) {
            return;
        }
        self.standing = Standing::Away { until: now + self.pause, refused };
        self.pause = (self.pause * 2).min(LAST_PAUSE);
    }

    /// Its queue took no more.
    pub(super) fn is_full(&mut self, pause: Option<Duration>, now: Instant) {
        let pause = pause.unwrap_or(FULL_PAUSE).clamp(FIRST_PAUSE, LAST_PAUSE);
        self.full_until = Some(now + pause);
    }

    /// It did so many items in this time: the next chunk has as many as take [`QUICK`], but no
    /// more than four times as many as this one, since few items say little of the rest.
    pub(super) fn did(&mut self, items: usize, took: Duration, settings: &MapSettings) {
        self.done += items;
        self.pause = FIRST_PAUSE;
        self.full_until = None;
        self.trouble = None;
        let took = took.max(Duration::from_micros(1)).as_secs_f64();
        let quick = (items as f64 * QUICK.as_secs_f64() / took) as usize;
        // A piece that was small for other reasons does not slow down what is known to be quick.
        let grown = items.saturating_mul(4);
        self.size = if quick >= grown { self.size.max(grown) } else { quick };
        self.size = self.size.clamp(1, settings.most_items);
    }

    /// Somebody else had to do what it was given.
    pub(super) fn lagged(&mut self) {
        self.size = (self.size / 4).max(1);
    }
}

/// Small enough to learn from at once what an item costs.
const FIRST_SIZE: usize = 8;
/// As long as a chunk should take: long beside a round trip, short beside what a lost one costs.
const QUICK: Duration = Duration::from_millis(500);
/// Beyond this a single partner's queue would be the map's alone.
const MAX_LANES: usize = 16;
/// A partner that is being started anew is back within seconds.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// One that stays away is asked twice a minute.
const LAST_PAUSE: Duration = Duration::from_secs(30);
/// When a partner does not say for how long its queue is full.
const FULL_PAUSE: Duration = Duration::from_secs(1);
