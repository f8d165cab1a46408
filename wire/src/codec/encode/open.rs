//! Sequences that are begun and not ended, for writers that keep a stack of their own.

use crate::codec::encode::atom::length;
use crate::codec::encode::{Encoder, Form, Frame};
use crate::codec::error::Unsendable;
use crate::codec::op::Op;

impl Encoder<'_> {
    /// Begins a list or a vector in one piece: so many objects must follow, and end it.
    ///
    /// # Errors
    /// The object becomes too large, or too deep, or the peer reads no vectors.
    pub(crate) fn sequence_head(&mut self, form: Form, len: usize) -> Result<(), Unsendable> {
        self.need(Op::Sequence, "a vector", "send a list")?;
        let owed = length(len)?;
        if owed == 0 {
            self.charge_node(0)?;
        } else {
            self.begin(Frame::Owed(owed))?;
        }
        let count = owed.to_be_bytes();
        let head = [Op::Sequence.byte(), form.bit(), count[0], count[1], count[2], count[3]];
        self.buf.extend_from_slice(&head);
        if owed == 0 {
            self.complete();
        }
        Ok(())
    }
}
