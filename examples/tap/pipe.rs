//! The octets of one connection on their way through, both ways.

use std::ops::Range;
use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

use super::conversation::{Conversation, End};
use super::page::Side;

/// What one read takes. Nothing more is read before it has been written, so that a slow reader slows
/// its sender.
const READ: usize = 64 << 10;

/// Carries what both sides say, until both have ended.
///
/// One task for both ways: what a side says has been looked at before the answer to it is read.
pub(crate) async fn carry(left: TcpStream, right: TcpStream, conversation: &mut Conversation) {
    // It concerns only how soon small writes go; a socket that refuses it works as well.
    let _ = (left.set_nodelay(true), right.set_nodelay(true));
    let ((from_left, to_left), (from_right, to_right)) = (left.into_split(), right.into_split());
    let mut forth = Pipe::new(from_left, to_right);
    let mut back = Pipe::new(from_right, to_left);
    while !(forth.ended && back.ended) {
        let (side, moved) = tokio::select! {
            moved = forth.step(), if !forth.ended => (Side::Left, moved),
            moved = back.step(), if !back.ended => (Side::Right, moved),
        };
        match moved {
            Moved::On(octets, at) => conversation.hear(side, octets, at),
            Moved::Written => {}
            Moved::Ended(end) => {
                // A side that was reset hears nothing either.
                let over = matches!(end, End::Failed(_));
                conversation.end(side, &end);
                if over {
                    return;
                }
            }
        }
    }
}

/// One way through.
struct Pipe {
    from: OwnedReadHalf,
    to: OwnedWriteHalf,
    octets: Box<[u8]>,
    /// Which of `octets` have been read and not yet written.
    pending: Range<usize>,
    ended: bool,
}

/// What a step has done.
enum Moved<'a> {
    /// These have been read, then, and what the other side had room for has been written.
    On(&'a [u8], Instant),
    Written,
    Ended(End),
}

impl Pipe {
    fn new(from: OwnedReadHalf, to: OwnedWriteHalf) -> Self {
        Self { from, to, octets: vec![0; READ].into(), pending: 0..0, ended: false }
    }

    /// Waits for what can be done next, and does it. May be dropped: what it waits for has not been
    /// done then.
    async fn step(&mut self) -> Moved<'_> {
        if !self.pending.is_empty() {
            return match self.to.write(&self.octets[self.pending.clone()]).await {
                Ok(written) => {
                    self.pending.start += written;
                    Moved::Written
                }
                Err(error) => self.end(End::Undelivered(self.pending.len(), error)),
            };
        }
        match self.from.read(&mut self.octets).await {
            Ok(0) => {
                // The other way stays open. A socket that cannot be shut is gone already.
                let _ = self.to.shutdown().await;
                self.end(End::Closed)
            }
            Ok(read) => {
                let at = Instant::now();
                // Given to the socket before anybody looks at it; what it does not take now, and why,
                // the next step finds out.
                let written = self.to.try_write(&self.octets[..read]).unwrap_or(0);
                self.pending = written..read;
                Moved::On(&self.octets[..read], at)
            }
            Err(error) => self.end(End::Failed(error)),
        }
    }

    fn end(&mut self, end: End) -> Moved<'_> {
        self.ended = true;
        Moved::Ended(end)
    }
}
