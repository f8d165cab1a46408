//! What was read and not handled yet.

use std::cell::Cell;
use std::future::Future;
use std::io::{self, Read as _};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};

use bytes::{Buf, BytesMut};
use socket2::Socket;
use tokio::io::{AsyncRead, AsyncReadExt, ReadBuf};

use crate::codec::{Ahead, Text};
use crate::function::{Loan, Lost};
use crate::handle::{Counters, Shared, Wire, WireError};
use crate::limits::Limits;
use crate::net::dispatch::Dispatch;
use crate::net::gate::Gate;
use crate::session::{Inbound, SmallEvent, Step};
use crate::spare;

/// The octets of one read. Larger ones gain nothing on loopback.
pub(crate) const READ: usize = 64 << 10;

/// Room behind a large string, for what its object ends with.
const BEHIND: usize = 4 << 10;

thread_local! {
    /// A read buffer that all wires of a thread take turns with, so that an idle wire has none.
    static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Reads from the stream, and keeps what does not make a whole object yet.
pub(crate) struct Input {
    reader: Reader,
    /// The front is the first octet that no event was made of. Empty while the reader is lent.
    kept: BytesMut,
    /// Whether `kept` may hold events: it was not looked at since something was added, or since a
    /// turn's budget ended.
    fresh: bool,
}

/// Who reads.
enum Reader {
    /// The wire's task.
    Own(Box<Inbound>),
    /// A called function, which the task reads for as far as it asks.
    Lent(Arc<Loan>),
    /// Nobody any more: nobody knows where the next object begins.
    Lost,
}

/// What came of a read.
pub(crate) enum Read {
    Some,
    Blocked,
    End,
}

impl Input {
    pub(crate) fn new(limits: &Limits, text: Text) -> Self {
        let reader = Reader::Own(Box::new(Inbound::new(limits, text)));
        Self { reader, kept: BytesMut::new(), fresh: false }
    }

    /// Reads once: for the wire's task itself, or for a function that asks.
    pub(crate) fn read(
        &mut self,
        cx: &mut Context<'_>,
        mut stream: impl AsyncRead + Unpin,
        shared: &Shared,
    ) -> Result<Read, WireError> {
        let (polled, count) = match &self.reader {
            Reader::Own(_) if self.kept.is_empty() => read_through_scratch(cx, stream, |octets| {
                self.kept.extend_from_slice(octets);
            }),
            Reader::Own(inbound) => {
                // The rest of an object is gathered where its front is.
                let before = self.kept.len();
                match inbound.owed_octets() {
                    0 => spare::reserve(&mut self.kept, READ),
                    owed => spare::grow(&mut self.kept, owed + BEHIND),
                }
                let polled = pin!(stream.read_buf(&mut self.kept)).poll(cx);
                (polled.map_ok(drop), self.kept.len() - before)
            }
            Reader::Lent(loan) if loan.asks().is_some() => {
                let (polled, count) = read_through_scratch(cx, stream, |octets| loan.fill(octets));
                if polled.is_pending() {
                    loan.none_now();
                }
                (polled, count)
            }
            Reader::Lent(_) | Reader::Lost => return Ok(Read::Blocked),
        };
        match polled {
            Poll::Pending => Ok(Read::Blocked),
            Poll::Ready(Err(error)) => Err(error.into()),
            Poll::Ready(Ok(())) if count == 0 => Ok(Read::End),
            Poll::Ready(Ok(())) => {
                self.has_come(count, shared);
                Ok(Read::Some)
            }
        }
    }

    /// Reads once what is in a socket already. Says whether there was anything; an end or an error
    /// is left to [`read`](Self::read), whom the runtime tells of it.
    pub(crate) fn read_now(&mut self, socket: &Socket, shared: &Shared) -> bool {
        let read = |scratch: &mut [u8]| ((), (&mut &*socket).read(scratch).unwrap_or(0));
        let ((), count) = through_scratch(read, |octets| self.kept.extend_from_slice(octets));
        if count > 0 {
            self.has_come(count, shared);
            Counters::add(&shared.counters.reads_awake, 1);
        }
        count > 0
    }

    fn has_come(&mut self, count: usize, shared: &Shared) {
        Counters::add(&shared.counters.octets_in, count as u64);
        self.fresh = true;
    }

    /// Has whole objects handled, as far as the budget and the gate allow. Says whether there were
    /// any.
    pub(crate) fn handle(
        &mut self,
        wire: &Wire,
        dispatch: &mut Dispatch,
        gate: &mut Gate,
        budget: &mut usize,
    ) -> Result<Handled, WireError> {
        let mut handled = Handled { any: false, lost: self.take_back() };
        let shared = wire.shared();
        // Nothing starts on a wire that one of the calls before has ended.
        let ended = || shared.ended.load(Ordering::Acquire);
        while *budget > 0 && !ended() {
            if dispatch.has_raw() {
                handled.any = true;
                handled.lost = self.lend(dispatch, budget).or(handled.lost);
            }
            let Reader::Own(inbound) = &mut self.reader else { break };
            if !self.fresh || gate.holds_input(shared) {
                break;
            }
            if gate.is_open() {
                let used = handle_small(inbound, &self.kept, wire, dispatch, budget);
                self.kept.advance(used);
                if used > 0 {
                    handled.any = true;
                    continue;
                }
            }
            let (before, mut apart) = (self.kept.len(), None);
            let step = inbound.next(&mut self.kept, &mut apart, &shared.imports);
            match step.map_err(WireError::Protocol)? {
                Step::More(used) => {
                    self.kept.advance(used);
                    self.fresh = false;
                }
                Step::Event(used, event) => {
                    handled.any = true;
                    gate.pass(event, wire, dispatch)?;
                    shared.imports.settle();
                    self.kept.advance(used);
                    *budget = budget.saturating_sub(1 + (before - self.kept.len()) / 1024);
                }
            }
        }
        if self.kept.is_empty() && self.kept.capacity() > 0 {
            // An idle wire keeps no buffer.
            spare::give(std::mem::take(&mut self.kept));
        }
        Ok(handled)
    }

    /// Lends the input to the function of a call, and has it run as far as it goes by itself.
    fn lend(&mut self, dispatch: &mut Dispatch, budget: &mut usize) -> Option<Lost> {
        let call = dispatch.take_raw()?;
        // Once it is lost, nothing starts any more.
        let Reader::Own(inbound) = std::mem::replace(&mut self.reader, Reader::Lost) else {
            return None;
        };
        let before = self.kept.len();
        call.loan.lend(inbound, std::mem::take(&mut self.kept));
        self.reader = Reader::Lent(Arc::clone(&call.loan));
        dispatch.start_raw(call);
        let lost = self.take_back();
        *budget = budget.saturating_sub(before.saturating_sub(self.kept.len()) / 1024);
        lost
    }

    /// Takes the input back from a function that has given it back, or tells how it is lost.
    fn take_back(&mut self) -> Option<Lost> {
        let Reader::Lent(loan) = &self.reader else { return None };
        match loan.take_back()? {
            Ok((inbound, octets)) => {
                self.reader = Reader::Own(inbound);
                self.kept = octets;
                self.fresh = true;
                None
            }
            Err(lost) => {
                self.reader = Reader::Lost;
                Some(lost)
            }
        }
    }

    /// No more octets come.
    pub(crate) fn end(&self, why: &WireError) {
        if let Reader::Lent(loan) = &self.reader {
            loan.end(why.clone());
        }
    }

    /// Whether the peer has left an object unfinished, or what a function waits for.
    pub(crate) fn is_partial(&self) -> bool {
        match &self.reader {
            Reader::Own(inbound) => !self.kept.is_empty() || inbound.is_within_object(),
            Reader::Lent(loan) => loan.asks().is_some_and(|wanted| wanted > 0),
            Reader::Lost => false,
        }
    }

    /// Whether there is nothing to handle, and nobody else who reads.
    pub(crate) fn is_idle(&self) -> bool {
        matches!(self.reader, Reader::Own(_)) && !self.fresh
    }

    /// Whether a function has the input.
    pub(crate) fn is_lent(&self) -> bool {
        matches!(self.reader, Reader::Lent(_))
    }

    /// Whether a function waits for octets since this was last asked.
    pub(crate) fn is_newly_asked(&self) -> bool {
        matches!(&self.reader, Reader::Lent(loan) if loan.is_newly_asked())
    }

    /// Whether what was read must be handled before more is.
    pub(crate) fn is_held(&self, gate: &Gate, shared: &Shared) -> bool {
        match &self.reader {
            Reader::Own(_) => self.fresh && gate.holds_input(shared),
            Reader::Lent(loan) => loan.asks().is_none(),
            Reader::Lost => true,
        }
    }
}

/// A task that is gone reads for nobody.
impl Drop for Input {
    fn drop(&mut self) {
        if let Reader::Lent(loan) = &self.reader {
            loan.abandon();
        }
    }
}

/// Handles small objects one after another, and says how many octets they were.
///
/// They are handled as all others would be, only that nothing is done for each that can be done for
/// many of them.
fn handle_small(
    inbound: &mut Inbound,
    octets: &[u8],
    wire: &Wire,
    dispatch: &mut Dispatch,
    budget: &mut usize,
) -> usize {
    let (shared, mut rest, mut ahead) = (wire.shared(), octets, Ahead::new());
    loop {
        let handle = |event: SmallEvent<'_>| dispatch.small(event, wire);
        let Some(len) = inbound.small(rest, &mut ahead, &shared.imports, handle) else { break };
        rest = &rest[len..];
        *budget = budget.saturating_sub(1 + len / 1024);
        // What follows a call may be its function's to read.
        if *budget == 0 || dispatch.has_raw() || shared.ended.load(Ordering::Acquire) {
            break;
        }
    }
    octets.len() - rest.len()
}

/// Reads once, and has the octets copied; says how many there were.
fn read_through_scratch(
    cx: &mut Context<'_>,
    stream: impl AsyncRead + Unpin,
    copy: impl FnOnce(&[u8]),
) -> (Poll<io::Result<()>>, usize) {
    let read = |scratch: &mut [u8]| {
        let mut buf = ReadBuf::new(scratch);
        let polled = pin!(stream).poll_read(cx, &mut buf);
        (polled, buf.filled().len())
    };
    through_scratch(read, copy)
}

/// Has `read` fill the thread's buffer and say how far it did, and has those octets copied.
fn through_scratch<T>(
    read: impl FnOnce(&mut [u8]) -> (T, usize),
    copy: impl FnOnce(&[u8]),
) -> (T, usize) {
    let mut scratch = SCRATCH.take();
    scratch.resize(READ, 0);
    let (came, count) = read(&mut scratch);
    if count > 0 {
        copy(&scratch[..count]);
    }
    SCRATCH.set(scratch);
    (came, count)
}

/// What came of handling.
pub(crate) struct Handled {
    /// Objects were.
    pub(crate) any: bool,
    /// A function lost the input.
    pub(crate) lost: Option<Lost>,
}
