//! The half of a session that writes: whole calls and whole answers, or nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::codec::{
    Encoder, Hello, Mark, Name, Op, PeerProfile, Pieces, Reads, Sent, Text, Unsendable,
};
use crate::convert::ToWire;
use crate::limits::Limits;
use crate::session::answer::{Answer, Spliced, Want, write_answer};
use crate::session::builtin;
use crate::session::call::{Call, LeftoverCalls, Place};
use crate::session::error::SendError;
use crate::session::exports::Exports;
use crate::session::reason::Unwound;
use crate::session::waits::{Entry, Taken, Waits};
use crate::token::Token;

/// Writes one direction of a wire, and knows which of our calls wait. `W` is what a caller leaves
/// to be told.
#[derive(Debug)]
pub(crate) struct Outbound<W> {
    buffer: Pieces,
    sent: Sent,
    peer: PeerProfile,
    waits: Waits<W>,
    /// What the peer holds of our objects.
    pub(crate) exports: Exports,
    limits: Arc<Limits>,
    /// Octets taken for the socket and not accepted by it yet.
    in_flight: usize,
    /// What is [buffered](Self::buffered), as it was when the lock about this was last released.
    buffered_now: Arc<AtomicUsize>,
    /// The socket is being given what is in flight, just now.
    writing: bool,
    /// Octets appended since the wire began; never less than `accepted`.
    appended: u64,
    /// Octets that the socket has accepted.
    accepted: u64,
    /// Octets that the peer itself caused, by asking, since all output was last accepted.
    asked_for: usize,
    calls: u64,
    answers: u64,
}

impl<W> Outbound<W> {
    pub(crate) fn new(limits: &Arc<Limits>, text: Text) -> Self {
        Self {
            buffer: Pieces::default(),
            sent: Sent::new(limits.cache_entries),
            peer: PeerProfile { text, ..PeerProfile::classic() },
            waits: Waits::new(),
            exports: Exports::new(limits),
            limits: Arc::clone(limits),
            in_flight: 0,
            buffered_now: Arc::default(),
            writing: false,
            appended: 0,
            accepted: 0,
            asked_for: 0,
            calls: 0,
            answers: 0,
        }
    }

    /// What the peer reads: from its hello on, more than the classic dialect.
    pub(crate) fn heard(&mut self, hello: &Hello) {
        self.peer.reads = hello.reads;
        self.peer.object_weight = hello.object;
        self.peer.depth = hello.depth;
        self.sent.limit(hello.entries, hello.cache);
    }

    pub(crate) fn reads(&self) -> Reads {
        self.peer.reads
    }

    fn extended(&self) -> bool {
        self.peer.reads.contains(Op::Call)
    }

    /// Appends calls that want no answer: all of them, or none.
    pub(crate) fn notify(
        &mut self,
        calls: &[Call<'_>],
        leftovers: LeftoverCalls,
    ) -> Result<(), SendError> {
        self.check_room()?;
        let compact = self.extended();
        self.draft(|out, place| {
            leftovers.set(out);
            calls.iter().enumerate().try_for_each(|(index, call)| {
                *place = Place { call: index, argument: None };
                if compact {
                    out.call(0, 0, call.name, call.arguments.len())?;
                } else {
                    out.funcall(call.name, call.arguments.len())?;
                }
                call.write_arguments(out, place)?;
                call.write_data(out, place).map(drop)
            })
        })?;
        self.calls += calls.len() as u64;
        Ok(())
    }

    /// Appends a call that wants values, and files what its caller leaves.
    pub(crate) fn call(
        &mut self,
        call: &Call<'_>,
        want: Want,
        leftovers: LeftoverCalls,
        waiter: W,
    ) -> Result<u32, SendError> {
        let count = call.arguments.len();
        let compact = self.extended();
        self.wait(waiter, |out, place, id| {
            leftovers.set(out);
            if compact {
                out.call(want.code(), id, call.name, count)?;
            } else {
                ask(out, id, want)?;
                out.funcall(call.name, count)?;
            }
            call.write_arguments(out, place)?;
            call.write_data(out, place)
        })
    }

    /// Appends a request for the value of the number 0, which the peer answers when it has started
    /// all before.
    pub(crate) fn sync(&mut self, waiter: W) -> Result<u32, SendError> {
        self.wait(waiter, |out, _, id| {
            ask(out, id, Want::Values(1))?;
            out.integer(0)?;
            Ok(0)
        })
    }

    /// Appends a request like that of [`sync`](Self::sync), whose answer nobody waits for.
    pub(crate) fn probe(&mut self) -> Result<(), SendError> {
        let id = self.waits.draw_unfiled();
        self.protocol(|out| {
            ask(out, id, Want::Values(1))?;
            out.integer(0)
        })
    }

    /// Appends what `write` does, which says how many octets of it follow the call itself.
    fn wait(
        &mut self,
        waiter: W,
        write: impl FnOnce(&mut Encoder<'_>, &mut Place, u32) -> Result<usize, Unsendable>,
    ) -> Result<u32, SendError> {
        self.check_room()?;
        if self.waits.len() >= self.limits.waiting_calls as usize {
            return Err(SendError::TooManyWaiting { limit: self.limits.waiting_calls });
        }
        let id = self.waits.draw();
        let first = self.sent.len();
        let data = self.draft(|out, place| write(out, place, id))?;
        let saved = first..self.sent.len();
        // A function that reads what follows its call begins before that is there.
        let end = self.appended - data as u64;
        self.waits.insert(id, waiter, end, saved);
        self.calls += 1;
        Ok(id)
    }

    /// Appends the values of one of the peer's calls.
    pub(crate) fn answer(&mut self, to: Answer, values: &dyn ToWire) -> Result<(), SendError> {
        let before = self.appended;
        self.reads_answer(to);
        self.draft(|out, place| write_answer(out, place, to, values))?;
        self.answers += 1;
        self.was_asked_for(before);
        Ok(())
    }

    /// Appends an answer whose one value is already octets that name nothing in the cache.
    pub(crate) fn answer_octets(&mut self, to: Answer, octets: &[u8]) -> Result<(), SendError> {
        self.answer(to, &Spliced(octets))
    }

    /// Appends that one of the peer's calls unwound, and for which reason, if it is told one.
    pub(crate) fn unwound(
        &mut self,
        to: Answer,
        reason: Option<&Unwound>,
    ) -> Result<(), SendError> {
        let before = self.appended;
        self.reads_answer(to);
        self.draft(|out, _| match to {
            Answer::Classic { token, .. } => {
                out.funcall(Name::Site(&builtin::ABORT), 1)?;
                out.token(token)
            }
            Answer::Compact { id, .. } => {
                out.unwound(id)?;
                match reason {
                    Some(reason) => reason.to_wire(out),
                    None => out.nil(),
                }
            }
        })?;
        self.answers += 1;
        self.was_asked_for(before);
        Ok(())
    }

    /// Appends the answer to a ping.
    pub(crate) fn pong(&mut self, cookie: u32) {
        let before = self.appended;
        // Nothing of it can be refused by the encoder, unless the peer reads no pongs.
        let _ = self.draft(|out, _| out.pong(cookie));
        self.was_asked_for(before);
    }

    /// Who makes a compact call reads its answer, also without having said so.
    fn reads_answer(&mut self, to: Answer) {
        if let Answer::Compact { .. } = to {
            self.peer.reads = self.peer.reads.with(Op::Return).with(Op::Unwound);
        }
    }

    fn was_asked_for(&mut self, before: u64) {
        self.asked_for += (self.appended - before) as usize;
    }

    /// Appends what one of the protocol's own ops says.
    pub(crate) fn protocol(
        &mut self,
        write: impl FnOnce(&mut Encoder<'_>) -> Result<(), Unsendable>,
    ) -> Result<(), SendError> {
        self.draft(|out, _| write(out))
    }

    /// The call that an answer with this id ends.
    pub(crate) fn take_wait(&mut self, id: u32) -> Taken<W> {
        self.waits.take(id)
    }

    /// Every waiting call, for the end of the wire.
    pub(crate) fn take_all_waits(&mut self) -> Vec<Entry<W>> {
        self.waits.take_all()
    }

    /// Forgets what an aborted call saved first: a classic peer that lacks a symbol's package reads
    /// its index as 0 from then on.
    pub(crate) fn forget_saved(&mut self, entry: &Entry<W>) {
        if !self.extended() {
            self.sent.forget(entry.saved.clone());
        }
    }

    /// Whether the whole of that call was given to the socket, so that it may have run.
    pub(crate) fn may_have_run(&self, entry: &Entry<W>) -> bool {
        // In the middle of a write nobody knows how much of it the socket has taken already.
        let unsure = if self.writing { self.in_flight as u64 } else { 0 };
        self.accepted + unsure >= entry.end
    }

    /// Moves the buffered output to `writing`, which must be empty.
    pub(crate) fn take_output(&mut self, writing: &mut Pieces) {
        debug_assert!(writing.len() == 0, "output must be written in order");
        std::mem::swap(writing, &mut self.buffer);
        self.in_flight = writing.len();
    }

    /// Gives an empty buffer back, unless there is another by now: a wire that writes each call by
    /// itself has one.
    pub(crate) fn give_back(&mut self, written: &mut Pieces) {
        if self.buffer.buffer.capacity() == 0 && self.untaken() == 0 {
            std::mem::swap(written, &mut self.buffer);
        }
    }

    /// The socket is about to be given what was taken.
    pub(crate) fn begin_write(&mut self) {
        self.writing = true;
    }

    /// The socket accepted `count` octets of what was taken.
    pub(crate) fn accepted(&mut self, count: usize) {
        self.writing = false;
        self.in_flight -= count;
        self.accepted += count as u64;
        let buffered = self.buffered();
        self.buffered_now.store(buffered, Ordering::Relaxed);
        if buffered == 0 {
            self.asked_for = 0;
        }
    }

    /// How many of the buffered octets the peer caused by asking, at the most.
    pub(crate) fn asked_for(&self) -> usize {
        self.asked_for.min(self.buffered())
    }

    /// Octets that the socket has not accepted yet.
    pub(crate) fn buffered(&self) -> usize {
        (self.appended - self.accepted) as usize
    }

    /// The same, for those who look without a lock.
    pub(crate) fn buffered_now(&self) -> Arc<AtomicUsize> {
        Arc::clone(&self.buffered_now)
    }

    /// Octets that were taken for the socket and that it has not accepted yet.
    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// Octets that nobody has taken for the socket yet.
    pub(crate) fn untaken(&self) -> usize {
        self.buffer.len()
    }

    pub(crate) fn appended_total(&self) -> u64 {
        self.appended
    }

    pub(crate) fn accepted_total(&self) -> u64 {
        self.accepted
    }

    pub(crate) fn waiting(&self) -> usize {
        self.waits.len()
    }

    pub(crate) fn calls(&self) -> u64 {
        self.calls
    }

    pub(crate) fn answers(&self) -> u64 {
        self.answers
    }

    fn check_room(&self) -> Result<(), SendError> {
        let (buffered, limit) = (self.buffered(), self.limits.buffered_output);
        if buffered >= limit { Err(SendError::Full { buffered, limit }) } else { Ok(()) }
    }

    /// Runs `write` on a draft: what it appends stays only if it succeeds and the peer may hold
    /// the objects that it names. `write` keeps note of the place it is at.
    fn draft<T>(
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
        self.appended += self.buffer.since(start) as u64;
        self.buffered_now.store(self.buffered(), Ordering::Relaxed);
        Ok(written)
    }
}

/// `DO-n-VALUE-CALL` for the wait `id`.
fn ask(out: &mut Encoder<'_>, id: u32, want: Want) -> Result<(), Unsendable> {
    out.funcall(Name::Site(builtin::do_site(want.code())), 1)?;
    out.token(Token::local(id))
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
