//! What is on its way to the stream.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::BytesMut;
use tokio::io::AsyncWrite;

use crate::handle::{Phase, Shared, WireError};
use crate::spare;

/// A buffer that grew beyond this is given back when it is empty.
const KEPT_CAPACITY: usize = 64 << 10;

/// Writes what was taken from the wire's buffer, in order. The two buffers change places, so that
/// in a steady state nothing is allocated.
#[derive(Default)]
pub(crate) struct Output {
    writing: BytesMut,
    /// How much of `writing` the stream has accepted; never more than its length.
    written: usize,
    /// Octets accepted since the wire began.
    total: u64,
    /// Where the buffered output stood when it passed the hard limit, until it is below again.
    over_since: Option<u64>,
    /// The stream may keep octets that it has accepted: TLS does.
    unflushed: bool,
}

impl Output {
    /// Writes what is to be written. `handled` says that objects were handled, whose answers go out
    /// now. Says whether the stream takes no more for now.
    pub(crate) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        mut stream: impl AsyncWrite + Unpin,
        shared: &Shared,
        handled: bool,
    ) -> Result<bool, WireError> {
        shared.release_imports();
        let mut handled = handled;
        loop {
            if self.written == self.writing.len()
                && !self.take(shared, std::mem::take(&mut handled))?
            {
                break;
            }
            {
                let mut state = shared.lock();
                if matches!(state.phase, Phase::Ended(_)) {
                    // Calls that were told they have not run must not go out.
                    return Ok(false);
                }
                state.out.begin_write();
            }
            let polled = Pin::new(&mut stream).poll_write(cx, &self.writing[self.written..]);
            let accepted = if let Poll::Ready(Ok(count)) = polled { count } else { 0 };
            self.accepted(accepted, shared);
            match polled {
                Poll::Pending => {
                    // What was handled meanwhile goes out when the stream takes more.
                    shared.lock().flush |= handled;
                    return Ok(true);
                }
                Poll::Ready(Ok(0)) => return Err(io::Error::from(ErrorKind::WriteZero).into()),
                Poll::Ready(Ok(_)) => self.unflushed = true,
                Poll::Ready(Err(error)) => return Err(error.into()),
            }
        }
        if self.unflushed {
            self.unflushed = let_pending(Pin::new(&mut stream).poll_flush(cx))?;
        }
        Ok(self.unflushed)
    }

    /// Whether the stream may still keep some of what it has accepted.
    pub(crate) fn is_unflushed(&self) -> bool {
        self.unflushed
    }

    /// Octets accepted since the wire began.
    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    /// Whether so many answers wait for the peer to read them that we stop reading. While a call
    /// of ours waits we read on: its answer is behind what we would not read. Our own calls do not
    /// count: two sides that call each other without asking for values would wait for each other.
    pub(crate) fn must_drain(&self, shared: &Shared) -> bool {
        let state = shared.lock();
        state.out.asked_for() > shared.limits.read_pause && state.out.waiting() == 0
    }

    /// Takes what is buffered, if it is to go out.
    fn take(&mut self, shared: &Shared, handled: bool) -> Result<bool, WireError> {
        self.writing.clear();
        self.written = 0;
        if self.writing.capacity() > KEPT_CAPACITY {
            spare::give(std::mem::take(&mut self.writing));
        }
        let mut state = shared.lock();
        let untaken = state.out.untaken();
        let closing = !matches!(state.phase, Phase::Open);
        let due = handled || closing || state.flush || untaken >= shared.limits.high_water;
        let over = matches!(state.phase, Phase::Ended(_));
        if untaken == 0 || !due || over {
            if untaken == 0 {
                state.flush = false;
            }
            return Ok(false);
        }
        state.flush = false;
        state.out.take_output(&mut self.writing);
        Ok(true)
    }

    fn accepted(&mut self, count: usize, shared: &Shared) {
        self.written += count;
        self.total += count as u64;
        let reached = {
            let mut state = shared.lock();
            state.out.accepted(count);
            state.reached()
        };
        for waker in reached {
            waker.wake();
        }
    }

    /// Ends the wire of a peer that keeps asking and does not read what it is answered.
    pub(crate) fn check_unread(&mut self, shared: &Shared) -> Result<(), WireError> {
        let state = shared.lock();
        let (buffered, limit) = (state.out.buffered(), shared.limits.buffered_output);
        if buffered < limit {
            self.over_since = None;
            return Ok(());
        }
        let appended = state.out.appended_total();
        let since = *self.over_since.get_or_insert(appended);
        if appended - since > limit as u64 {
            return Err(WireError::AnswersUnread { buffered });
        }
        Ok(())
    }
}

/// Whether it is pending.
fn let_pending(polled: Poll<io::Result<()>>) -> Result<bool, WireError> {
    match polled {
        Poll::Pending => Ok(true),
        Poll::Ready(result) => Ok(result.map(|()| false)?),
    }
}
