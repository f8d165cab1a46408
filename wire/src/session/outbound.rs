//! The half of a session that writes: whole calls and whole answers, or nothing.

mod calls;
mod draft;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::BytesMut;

use crate::codec::{Encoder, Hello, Name, Op, PeerProfile, Pieces, Reads, Sent, Text, Unsendable};
use crate::convert::ToWire;
use crate::limits::Limits;
use crate::session::answer::{Answer, Spliced, write_answer};
use crate::session::builtin;
use crate::session::error::SendError;
use crate::session::exports::Exports;
use crate::session::reason::Unwound;
use crate::session::waits::{Entry, Taken, Waits};

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
        let _ = self.protocol(&|out| out.pong(cookie));
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
        write: &dyn Fn(&mut Encoder<'_>) -> Result<(), Unsendable>,
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

    /// The wire's large buffer, if it has one: it keeps none for itself. What is in it stays.
    pub(crate) fn slim(&mut self) -> BytesMut {
        self.buffer.slim()
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
}
