//! Lists, vectors and packed numbers.

use crate::codec::encode::atom::length;
use crate::codec::encode::{Encoder, Frame};
use crate::codec::error::Unsendable;
use crate::codec::op::Op;
use crate::spare;

/// Whether a sequence is a list or a vector in Lisp.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Form {
    /// A list, written as conses to a peer of the classic dialect.
    List,
    /// A vector, which the classic dialect lacks.
    Vector,
}

impl Form {
    pub(super) const fn bit(self) -> u8 {
        match self {
            Self::List => 0,
            Self::Vector => 0x80,
        }
    }
}

/// The type of packed numbers.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
#[repr(u8)]
pub enum Element {
    /// Signed, 8 bits.
    I8 = 1,
    /// Signed, 16 bits.
    I16 = 2,
    /// Signed, 32 bits.
    I32 = 3,
    /// Signed, 64 bits.
    I64 = 4,
    /// Unsigned, 8 bits.
    U8 = 5,
    /// Unsigned, 16 bits.
    U16 = 6,
    /// Unsigned, 32 bits.
    U32 = 7,
    /// Unsigned, 64 bits.
    U64 = 8,
    /// A float of 32 bits.
    F32 = 9,
    /// A float of 64 bits.
    F64 = 10,
}

/// A list or vector being written, element by element.
///
/// It writes nothing of its own after an error, and nothing when dropped: what is not
/// [ended](Self::end) is found out when the whole is.
#[derive(Debug)]
#[must_use = "a list has to be ended"]
pub struct ListEncoder<'e, 'a> {
    pub(super) out: &'e mut Encoder<'a>,
    /// Elements still due.
    pub(super) left: usize,
    pub(super) conses: bool,
}

impl<'a> Encoder<'a> {
    /// Begins a list of so many elements.
    ///
    /// # Errors
    /// The object becomes too large, or too deep.
    #[inline]
    pub fn list(&mut self, len: usize) -> Result<ListEncoder<'_, 'a>, Unsendable> {
        self.sequence(Form::List, len)
    }

    /// Begins a list or a vector of so many elements.
    ///
    /// # Errors
    /// The object becomes too large, or too deep, or the peer reads no vectors.
    #[inline]
    pub fn sequence(&mut self, form: Form, len: usize) -> Result<ListEncoder<'_, 'a>, Unsendable> {
        if form == Form::Vector {
            self.need(Op::Sequence, "a vector", "send a list")?;
        }
        let conses = !self.reads(Op::Sequence);
        let empty = form == Form::List && len == 0;
        if !conses && !empty {
            let count = length(len)?.to_be_bytes();
            // An empty vector awaits nothing, so the scanner opens nothing for it.
            if len == 0 {
                self.charge_node(0)?;
                self.open(Frame::List { due: false });
            } else {
                self.begin(Frame::List { due: false })?;
            }
            let op = Op::Sequence.byte();
            let head = [op, form.bit(), count[0], count[1], count[2], count[3]];
            self.buf.extend_from_slice(&head);
        } else {
            // Each cons is charged with its element.
            self.open(Frame::List { due: false });
        }
        Ok(ListEncoder { out: self, left: len, conses: conses || empty })
    }

    /// Begins a cons: the car, then the cdr follow.
    ///
    /// # Errors
    /// The object becomes too large, or too deep.
    pub fn cons(&mut self) -> Result<(), Unsendable> {
        self.begin(Frame::Car)?;
        self.buf.extend_from_slice(&[Op::Cons.byte()]);
        Ok(())
    }

    /// Writes numbers side by side, each as its big-endian octets.
    ///
    /// Only for a peer that [reads](Self::reads) [`Op::Sequence`]; for others a list does.
    ///
    /// # Errors
    /// The object becomes too large, or the peer reads no packed numbers.
    pub fn packed<const N: usize>(
        &mut self,
        element: Element,
        form: Form,
        numbers: impl ExactSizeIterator<Item = [u8; N]>,
    ) -> Result<(), Unsendable> {
        debug_assert_eq!(crate::codec::header::element_size(element as u8), Some(N as u64));
        self.need(Op::Sequence, "a packed vector", "send a list")?;
        let count = numbers.len();
        self.charge_node(count.saturating_mul(N))?;
        let head = length(count)?.to_be_bytes();
        spare::reserve(self.buf, 6 + count * N);
        self.buf.extend_from_slice(&[Op::Sequence.byte(), element as u8 | form.bit()]);
        self.buf.extend_from_slice(&head);
        // Through a block, since each append of its own waits for the length that the last one stored.
        let (mut block, mut numbers) = ([[0; N]; 64], numbers.take(count));
        let mut written = 0;
        loop {
            let mut filled = 0;
            for (place, number) in block.iter_mut().zip(&mut numbers) {
                *place = number;
                filled += 1;
            }
            if filled == 0 {
                break;
            }
            self.buf.extend_from_slice(block[..filled].as_flattened());
            written += filled;
        }
        if written < count {
            return Err(Unsendable::NotOneObject);
        }
        self.complete();
        Ok(())
    }

    /// Opens a construct that costs nothing itself.
    #[inline]
    pub(super) fn open(&mut self, frame: Frame) {
        self.below.push(self.top);
        self.top = frame;
    }
}

impl<'a> ListEncoder<'_, 'a> {
    /// The encoder for the next element; exactly one object must be written there.
    ///
    /// # Errors
    /// The last element was not one object, or there are more than were said; the object becomes
    /// too large, or too deep.
    #[inline]
    pub fn element(&mut self) -> Result<&mut Encoder<'a>, Unsendable> {
        self.check()?;
        let Some(left) = self.left.checked_sub(1) else { return Err(Unsendable::NotOneObject) };
        self.left = left;
        if self.conses {
            self.out.cons_in_list()?;
        }
        self.out.top = Frame::List { due: true };
        Ok(self.out)
    }

    /// Ends the list.
    ///
    /// # Errors
    /// The last element was not one object, or there are fewer than were said.
    #[inline]
    pub fn end(self) -> Result<(), Unsendable> {
        self.check()?;
        if self.left > 0 || self.out.uneven {
            return Err(Unsendable::NotOneObject);
        }
        if self.conses {
            self.out.top = Frame::List { due: true };
            self.out.nil()?;
        }
        self.out.pop();
        self.out.complete();
        Ok(())
    }

    /// Whether the elements so far were one object each.
    #[inline]
    pub(super) fn check(&self) -> Result<(), Unsendable> {
        if self.out.is_even() { Ok(()) } else { Err(Unsendable::NotOneObject) }
    }
}

impl Encoder<'_> {
    /// The cons before an element of a list, whose frame stands already.
    #[inline]
    pub(super) fn cons_in_list(&mut self) -> Result<(), Unsendable> {
        self.charge_node(0)?;
        self.check_depth(0)?;
        self.buf.extend_from_slice(&[Op::Cons.byte()]);
        self.top = Frame::List { due: true };
        Ok(())
    }

    /// Whether the innermost construct is a list with no element due. That it is another one than it
    /// should be shows when the whole is [finished](Self::finish), and an element too many when the
    /// list is.
    #[inline]
    pub(super) fn is_even(&self) -> bool {
        self.top == (Frame::List { due: false })
    }
}

#[cfg(test)]
mod tests {
    use bytes::BytesMut;

    use super::*;
    use crate::codec::PeerProfile;

    fn packed(numbers: impl ExactSizeIterator<Item = [u8; 4]>) -> Result<BytesMut, Unsendable> {
        let (mut octets, peer) = (BytesMut::new(), PeerProfile::extended());
        let mut out = Encoder::new(&mut octets, None, &peer);
        out.packed(Element::U32, Form::Vector, numbers)?;
        out.finish().map(|()| octets)
    }

    #[test]
    fn packed_numbers_stand_side_by_side_however_many() {
        for count in [0, 1, 63, 64, 65, 128, 200_u32] {
            let mut expected = vec![Op::Sequence.byte(), 0x87];
            expected.extend(count.to_be_bytes());
            expected.extend((0..count).flat_map(u32::to_be_bytes));
            let numbers = (0..count).collect::<Vec<_>>().into_iter();
            assert_eq!(packed(numbers.map(u32::to_be_bytes)).unwrap(), expected);
        }
    }

    /// Says that one more comes than does, or one less.
    struct Miscounted(std::ops::Range<u8>, usize);

    impl Iterator for Miscounted {
        type Item = [u8; 4];

        fn next(&mut self) -> Option<[u8; 4]> {
            self.0.next().map(|number| [number; 4])
        }

        fn size_hint(&self) -> (usize, Option<usize>) {
            (self.1, Some(self.1))
        }
    }

    impl ExactSizeIterator for Miscounted {}

    #[test]
    fn a_wrong_count_of_numbers_sends_no_other() {
        assert_eq!(packed(Miscounted(0..69, 70)), Err(Unsendable::NotOneObject));
        assert_eq!(packed(Miscounted(0..71, 70)).unwrap().len(), 6 + 4 * 70);
    }
}
