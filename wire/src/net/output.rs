//! What is on its way to the stream.

use std::io::{self, ErrorKind, IoSlice};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use bytes::BytesMut;
use tokio::io::AsyncWrite;

use crate::codec::Pieces;
use crate::handle::{Phase, Shared, State, WireError};
use crate::spare;

/// How many pieces go in one write at the most: a large byte string makes two.
const PIECES: usize = 16;

/// Writes what was taken from the wire's buffer, in order. The two buffers change places, so that
/// in a steady state nothing is allocated.
#[derive(Default)]
pub(crate) struct Output {
    writing: Pieces,
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
        let mut more = {
            let mut state = shared.lock();
            if self.writing.len() == 0 {
                self.take(&mut state, shared, handled)
            } else {
                // What was handled meanwhile goes out behind it.
                state.flush |= handled;
                begin_write(&mut state)
            }
        };
        while more {
            let polled = self.write(cx, &mut stream);
            let accepted = if let Poll::Ready(Ok(count)) = polled { count } else { 0 };
            more = self.accepted(accepted, shared);
            match polled {
                Poll::Pending => return Ok(true),
                Poll::Ready(Ok(0)) => return Err(io::Error::from(ErrorKind::WriteZero).into()),
                Poll::Ready(Ok(_)) => self.unflushed = true,
                Poll::Ready(Err(error)) => return Err(error.into()),
            }
        }
        if self.writing.len() > 0 {
            // The wire has ended.
            return Ok(false);
        }
        if self.unflushed {
            self.unflushed = let_pending(Pin::new(&mut stream).poll_flush(cx))?;
        }
        Ok(self.unflushed)
    }

    /// Whether the stream has not taken all yet of what it was given, or keeps some of it.
    pub(crate) fn is_underway(&self) -> bool {
        self.writing.len() > 0 || self.unflushed
    }

    /// Writes once: several pieces together, where the stream can.
    fn write(
        &self,
        cx: &mut Context<'_>,
        stream: impl AsyncWrite + Unpin,
    ) -> Poll<io::Result<usize>> {
        let stream = pin!(stream);
        if let Some(one) = self.writing.one() {
            return stream.poll_write(cx, one);
        }
        let mut slices = [IoSlice::new(&[]); PIECES];
        let mut count = 0;
        for (slice, piece) in slices.iter_mut().zip(self.writing.iter()) {
            *slice = IoSlice::new(piece);
            count += 1;
        }
        stream.poll_write_vectored(cx, &slices[..count])
    }

    /// Takes what is buffered, if it is to go out, and begins to write it.
    fn take(&mut self, state: &mut State, shared: &Shared, handled: bool) -> bool {
        if !state.output_is_due(handled, &shared.limits) {
            return false;
        }
        state.flush = false;
        state.out.take_output(&mut self.writing);
        state.out.begin_write();
        true
    }

    /// The stream has taken so many octets. Says whether it is to be given more: of the same, or what
    /// is due by now.
    fn accepted(&mut self, count: usize, shared: &Shared) -> bool {
        self.writing.advance(count);
        let all = self.writing.len() == 0;
        if all {
            self.writing.clear();
        }
        let mut large = [BytesMut::new(), BytesMut::new()];
        let (reached, more) = {
            let mut state = shared.lock();
            state.out.accepted(count);
            let more = match (count, all) {
                (0, _) => false,
                (_, true) => self.take(&mut state, shared, false),
                (_, false) => begin_write(&mut state),
            };
            if all && !more {
                // While there is more to write, both buffers stay as large as they have become: the
                // kernel clears what is allocated anew page by page.
                large = [self.writing.slim(), state.out.slim()];
                state.out.give_back(&mut self.writing);
            }
            (state.reached(), more)
        };
        large.into_iter().for_each(spare::give);
        for waker in reached {
            waker.wake();
        }
        more
    }
}

/// Has what was taken written, unless the wire has ended: calls that were told they have not run must
/// not go out.
fn begin_write(state: &mut State) -> bool {
    let goes_on = !matches!(state.phase, Phase::Ended(_));
    if goes_on {
        state.out.begin_write();
    }
    goes_on
}

/// Whether it is pending.
fn let_pending(polled: Poll<io::Result<()>>) -> Result<bool, WireError> {
    match polled {
        Poll::Pending => Ok(true),
        Poll::Ready(result) => Ok(result.map(|()| false)?),
    }
}
