//! Scanner, decoder and encoder against each other, and against bytes that nobody should send.

mod cached;
mod fields;
mod hostile;
mod plain;
mod records;
mod small;
mod trees;

use crate::codec::{ProtocolError, Received, Scan, Scanner, Text};
use crate::limits::Limits;

/// One direction of a wire: a scanner, what it keeps, and the bytes not yet done with.
pub(super) struct Stream {
    pub(super) scanner: Scanner,
    pub(super) received: Received,
    buffer: Vec<u8>,
    /// The most octets that were buffered at once.
    pub(super) most: usize,
}

impl Stream {
    pub(super) fn new(limits: &Limits) -> Self {
        let received = Received::new(limits, Text::Utf8);
        Self { scanner: Scanner::new(limits), received, buffer: Vec::new(), most: 0 }
    }

    /// What a piece of the stream brought; whole objects with their bytes.
    pub(super) fn feed(&mut self, piece: &[u8]) -> Result<Vec<(Scan, Vec<u8>)>, ProtocolError> {
        self.buffer.extend_from_slice(piece);
        self.most = self.most.max(self.buffer.len());
        let (mut found, mut at) = (Vec::new(), 0);
        loop {
            let scan = self.scanner.scan(&self.buffer[at..], &mut self.received)?;
            let done = match &scan {
                Scan::More { discard } => {
                    self.buffer.drain(..at + *discard);
                    return Ok(found);
                }
                Scan::Object { len, .. } => *len,
                Scan::Refused { discard, .. } => *discard,
            };
            let object = self.buffer[at..at + done].to_vec();
            at += done;
            found.push((scan, object));
        }
    }

    pub(super) fn feed_pieces(&mut self, bytes: &[u8], piece: usize) -> Vec<(Scan, Vec<u8>)> {
        bytes.chunks(piece).flat_map(|piece| self.feed(piece).unwrap()).collect()
    }
}

/// The same whatever was discarded on the way: the discard of a refusal counts only its last piece.
pub(super) fn outcome(found: Vec<(Scan, Vec<u8>)>) -> Vec<(Scan, Vec<u8>)> {
    let strip = |(scan, object)| match scan {
        Scan::Refused { refusal, head, .. } => {
            (Scan::Refused { discard: 0, refusal, head }, vec![])
        }
        scan => (scan, object),
    };
    found.into_iter().map(strip).collect()
}
