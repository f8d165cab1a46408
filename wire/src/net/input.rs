//! What was read and not handled yet.

use std::cell::Cell;
use std::io;
use std::pin::{Pin, pin};
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, ReadBuf};
use tokio_util::io::poll_read_buf;

use crate::codec::Text;
use crate::handle::{Counters, Shared, Wire, WireError};
use crate::limits::Limits;
use crate::net::dispatch::Dispatch;
use crate::net::gate::Gate;
use crate::session::{Inbound, Step};

/// The octets of one read. Larger ones gain nothing on loopback.
const READ: usize = 64 << 10;

thread_local! {
    /// A read buffer that all wires of a thread take turns with, so that an idle wire has none.
    static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Reads from the stream, and keeps what does not make a whole object yet.
pub(crate) struct Input {
    inbound: Inbound,
    /// The front is the first octet that no event was made of.
    kept: BytesMut,
    /// Whether `kept` may hold events: it was not looked at since something was added, or since a
    /// turn's budget ended.
    fresh: bool,
}

/// What came of a read.
pub(crate) enum Read {
    Some,
    Blocked,
    End,
}

impl Input {
    pub(crate) fn new(limits: &Limits, text: Text) -> Self {
        Self { inbound: Inbound::new(limits, text), kept: BytesMut::new(), fresh: false }
    }

    /// Reads once.
    pub(crate) fn read(
        &mut self,
        cx: &mut Context<'_>,
        mut stream: impl AsyncRead + Unpin,
        shared: &Shared,
    ) -> Result<Read, WireError> {
        let before = self.kept.len();
        let polled = if before == 0 {
            self.read_through_scratch(cx, &mut stream)
        } else {
            // The rest of an object is gathered where its front is.
            self.kept.reserve(READ);
            poll_read_buf(Pin::new(&mut stream), cx, &mut self.kept).map_ok(drop)
        };
        let count = self.kept.len() - before;
        match polled {
            Poll::Pending => Ok(Read::Blocked),
            Poll::Ready(Err(error)) => Err(error.into()),
            Poll::Ready(Ok(())) if count == 0 => Ok(Read::End),
            Poll::Ready(Ok(())) => {
                Counters::add(&shared.counters.octets_in, count as u64);
                self.fresh = true;
                Ok(Read::Some)
            }
        }
    }

    fn read_through_scratch(
        &mut self,
        cx: &mut Context<'_>,
        stream: impl AsyncRead + Unpin,
    ) -> Poll<io::Result<()>> {
        let mut scratch = SCRATCH.take();
        scratch.resize(READ, 0);
        let mut buf = ReadBuf::new(&mut scratch);
        let polled = pin!(stream).poll_read(cx, &mut buf);
        self.kept.extend_from_slice(buf.filled());
        SCRATCH.set(scratch);
        polled
    }

    /// Has whole objects handled, as far as the budget and the gate allow. Says whether there were
    /// any.
    pub(crate) fn handle(
        &mut self,
        wire: &Wire,
        dispatch: &mut Dispatch,
        gate: &mut Gate,
        budget: &mut usize,
    ) -> Result<bool, WireError> {
        let mut handled = false;
        let shared = wire.shared();
        // Nothing starts on a wire that one of the calls before has ended.
        let ended = || shared.ended.load(Ordering::Acquire);
        while self.fresh && *budget > 0 && !ended() && !gate.holds_input(shared) {
            let step = self.inbound.next(&self.kept, &shared.imports);
            match step.map_err(WireError::Protocol)? {
                Step::More(used) => {
                    self.kept.advance(used);
                    self.fresh = false;
                }
                Step::Event(used, event) => {
                    handled = true;
                    *budget = budget.saturating_sub(1 + used / 1024);
                    gate.pass(event, wire, dispatch)?;
                    shared.imports.settle();
                    self.kept.advance(used);
                }
            }
        }
        if self.kept.is_empty() && self.kept.capacity() > 0 {
            // An idle wire keeps no buffer.
            self.kept = BytesMut::new();
        }
        Ok(handled)
    }

    /// Whether the peer has left an object unfinished.
    pub(crate) fn is_partial(&self) -> bool {
        !self.kept.is_empty() || self.inbound.is_within_object()
    }

    /// Whether what was read must be handled before more is.
    pub(crate) fn is_held(&self, gate: &Gate, shared: &Shared) -> bool {
        self.fresh && gate.holds_input(shared)
    }
}
