//! What is on its way to the stream.

use std::io::{self, ErrorKind, IoSlice};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;

use crate::codec::Pieces;
use crate::handle::{Phase, Shared, WireError};
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
        let mut handled = handled;
        loop {
            if self.writing.len() == 0 && !self.take(shared, std::mem::take(&mut handled))? {
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
            let polled = self.write(cx, &mut stream);
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
        let mut slices = [IoSlice::new(&[]); PIECES];
        let mut count = 0;
        for (slice, piece) in slices.iter_mut().zip(self.writing.iter()) {
            *slice = IoSlice::new(piece);
            count += 1;
        }
        match &slices[..count] {
            [one] => stream.poll_write(cx, one),
            several => stream.poll_write_vectored(cx, several),
        }
    }

    /// Takes what is buffered, if it is to go out.
    fn take(&mut self, shared: &Shared, handled: bool) -> Result<bool, WireError> {
        self.writing.clear();
        // A wire keeps no large buffer for itself.
        if self.writing.buffer.capacity() > spare::LEAST {
            spare::give(std::mem::take(&mut self.writing.buffer));
        }
        let mut state = shared.lock();
        if !state.output_is_due(handled, &shared.limits) {
            return Ok(false);
        }
        state.flush = false;
        state.out.take_output(&mut self.writing);
        Ok(true)
    }

    fn accepted(&mut self, count: usize, shared: &Shared) {
        self.writing.advance(count);
        let reached = {
            let mut state = shared.lock();
            state.out.accepted(count);
            state.reached()
        };
        for waker in reached {
            waker.wake();
        }
    }
}

/// Whether it is pending.
fn let_pending(polled: Poll<io::Result<()>>) -> Result<bool, WireError> {
    match polled {
        Poll::Pending => Ok(true),
        Poll::Ready(result) => Ok(result.map(|()| false)?),
    }
}
