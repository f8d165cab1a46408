//! The times of one wire: silence, stalls, the end of its grace.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

use crate::codec::{Encoder, Op, Unsendable};
use crate::handle::{Look, Phase, Shared, WireError};
use crate::net::nudges::Nudges;

/// How silence of the peer is met.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keepalive {
    /// After so much silence the peer is asked whether it lives.
    pub(crate) idle: Duration,
    /// After so much silence, asked in vain, it does not.
    pub(crate) dead: Duration,
}

impl Keepalive {
    /// How long the answer to a ping may take.
    fn patience(self) -> Duration {
        let rest = self.dead.saturating_sub(self.idle);
        if rest.is_zero() { self.idle } else { rest }
    }
}

/// While a function holds the input, a ping of the peer stays unread behind what it reads; so a peer
/// that reads pongs is sent one as often as this. Few peers will ask with less patience.
const SIGN_OF_LIFE: Duration = Duration::from_secs(1);

/// All deadlines of a wire, behind one timer.
pub(crate) struct Timers {
    keepalive: Option<Keepalive>,
    stall: Duration,
    /// Something was read since the clock was last looked at, which is done once for a turn.
    heard: bool,
    last_read: Instant,
    /// When the peer last made room for more output.
    last_taken: Instant,
    pinged: Option<Instant>,
    nudges: Nudges,
    next_sign: Option<Instant>,
    /// Octets written so far, and since when it was so many although more waits.
    written: (u64, Option<Instant>),
    closing: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
    /// When the timer wakes the task, unless it has done so.
    armed: Option<Instant>,
}

impl Timers {
    pub(crate) fn new(keepalive: Option<Keepalive>, stall: Duration) -> Self {
        Self {
            keepalive,
            stall,
            heard: false,
            last_read: Instant::now(),
            last_taken: Instant::now(),
            pinged: None,
            nudges: Nudges::default(),
            next_sign: None,
            written: (0, None),
            closing: None,
            timer: None,
            armed: None,
        }
    }

    /// Something was read.
    pub(crate) fn read(&mut self) {
        self.heard = true;
    }

    /// Another waker is the task's from now on.
    pub(crate) fn woken_anew(&mut self) {
        self.armed = None;
    }

    /// It is we who do not read just now: nothing of the peer is late.
    pub(crate) fn not_reading(&mut self) {
        self.last_read = Instant::now();
    }

    /// So much was written in all; `blocked` says that more waits for the stream.
    pub(crate) fn wrote(&mut self, total: u64, blocked: bool) {
        // A stream that was blocked takes more when the peer reads.
        if self.written.1.is_some() && self.written.0 != total {
            self.last_taken = Instant::now();
        }
        let since = self.written.1.filter(|_| self.written.0 == total);
        self.written = (total, blocked.then(|| since.unwrap_or_else(Instant::now)));
    }

    /// The wire ends when `grace` is over, whatever is still owed.
    pub(crate) fn closing(&mut self, grace: Duration) {
        if self.closing.is_none() {
            self.closing = Instant::now().checked_add(grace);
        }
    }

    /// Does what is due, and wakes the task when something else is. `partial` says that the peer
    /// has left an object unfinished.
    pub(crate) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        partial: bool,
        look: &Look,
        shared: &Shared,
    ) -> Result<Poll<()>, WireError> {
        loop {
            let now = Instant::now();
            if std::mem::take(&mut self.heard) {
                self.last_read = now;
                self.pinged = None;
                if !look.reads.contains(Op::Ping) {
                    self.nudges.heard();
                }
            }
            let mut next = self.check_ends(now, partial, shared)?;
            next = earlier(next, self.check_silence(now, partial, look, shared)?);
            let Some(next) = next else {
                return Ok(Poll::Pending);
            };
            if self.arm(cx, now, next).is_pending() {
                return Ok(Poll::Pending);
            }
        }
    }

    /// Has the task woken at `next`, or somewhat before: a timer that is early costs one look,
    /// setting it anew for each read costs more.
    fn arm(&mut self, cx: &mut Context<'_>, now: Instant, next: Instant) -> Poll<()> {
        // The clock tells that it has not gone off, which costs less than asking the timer.
        if self.armed.is_some_and(|at| now < at && at <= next) {
            return Poll::Pending;
        }
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(next)));
        if timer.deadline() > next || timer.is_elapsed() {
            timer.as_mut().reset(next);
        }
        self.armed = Some(timer.deadline());
        timer.as_mut().poll(cx)
    }

    /// What ends a wire by itself. Gives the next time at which one of it could.
    fn check_ends(
        &self,
        now: Instant,
        partial: bool,
        shared: &Shared,
    ) -> Result<Option<Instant>, WireError> {
        if self.closing.is_some_and(|at| at <= now) {
            return Err(match &shared.lock().phase {
                Phase::PeerGone(why) | Phase::Ended(why) => why.clone(),
                Phase::Open | Phase::Closing => WireError::Closed,
            });
        }
        let writing = self.written.1.and_then(|since| since.checked_add(self.stall));
        if writing.is_some_and(|at| at <= now) {
            return Err(WireError::StalledWriting { after: self.stall });
        }
        let reading = partial.then(|| self.last_read.checked_add(self.stall)).flatten();
        if reading.is_some_and(|at| at <= now) {
            return Err(WireError::StalledReading { after: self.stall });
        }
        Ok(earlier(earlier(self.closing, writing), reading))
    }

    /// Pings, or nudges, a silent peer. Gives the next time at which that is due.
    fn check_silence(
        &mut self,
        now: Instant,
        partial: bool,
        look: &Look,
        shared: &Shared,
    ) -> Result<Option<Instant>, WireError> {
        let Look { reads, open, lent, .. } = *look;
        if !open {
            return Ok(None);
        }
        if lent {
            // Whether the peer is silent, the function finds out by what it waits for. A classic
            // one is asked nothing: it might answer in the middle of its data.
            return Ok(reads.contains(Op::Pong).then(|| self.check_sign(now, shared)));
        }
        self.next_sign = None;
        if !reads.contains(Op::Ping) {
            return Ok(self.nudges.check(now, partial, shared));
        }
        let Some(keepalive) = self.keepalive else {
            return Ok(None);
        };
        if let Some(pinged) = self.pinged {
            // The answer has its time from when it was asked for, and while the peer takes output
            // of ours, which the ping stands behind, it lives.
            let heard = self.last_read.max(pinged).max(self.last_taken);
            let dead = heard.checked_add(keepalive.patience());
            if dead.is_some_and(|at| at <= now) {
                return Err(WireError::Silent { after: keepalive.dead });
            }
            return Ok(dead);
        }
        let idle = self.last_read.checked_add(keepalive.idle);
        if idle.is_some_and(|at| at <= now) {
            self.pinged = Some(now);
            send(shared, &|out| out.ping(0));
            return Ok(now.checked_add(keepalive.patience()));
        }
        Ok(idle)
    }

    /// Tells the peer that we live: its pings stand behind what the function reads.
    fn check_sign(&mut self, now: Instant, shared: &Shared) -> Instant {
        let due = *self.next_sign.get_or_insert(now + SIGN_OF_LIFE);
        if due > now {
            return due;
        }
        self.pinged = None;
        send(shared, &|out| out.pong(0));
        *self.next_sign.insert(now + SIGN_OF_LIFE)
    }
}

fn send(shared: &Shared, write: &dyn Fn(&mut Encoder<'_>) -> Result<(), Unsendable>) {
    let mut state = shared.lock();
    // Nothing of it can be refused by the encoder.
    let _ = state.out.protocol(write);
    state.flush = true;
    drop(state);
    // This turn's writing is over.
    shared.wake();
}

fn earlier(a: Option<Instant>, b: Option<Instant>) -> Option<Instant> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
