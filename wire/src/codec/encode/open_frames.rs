//! The constructs that are open around the innermost one.

use crate::codec::encode::Frame;

/// How many are kept without an allocation: a call's arguments seldom nest deeper.
const INLINE: usize = 8;

/// A stack of frames. An encoder is made for each call, so the first few levels allocate nothing.
#[derive(Debug)]
pub(super) struct OpenFrames {
    inline: [Frame; INLINE],
    spill: Vec<Frame>,
    len: usize,
}

impl OpenFrames {
    pub(super) const fn new() -> Self {
        Self { inline: [Frame::Root; INLINE], spill: Vec::new(), len: 0 }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub(super) fn push(&mut self, frame: Frame) {
        match self.inline.get_mut(self.len) {
            Some(place) => *place = frame,
            None => self.spill.push(frame),
        }
        self.len += 1;
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<Frame> {
        self.len = self.len.checked_sub(1)?;
        if self.len < INLINE { Some(self.inline[self.len]) } else { self.spill.pop() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_back_in_reverse_whether_they_are_inline_or_not() {
        let mut frames = OpenFrames::new();
        for owed in 0..3 * INLINE as u32 {
            frames.push(Frame::Owed(owed));
        }
        for owed in (0..3 * INLINE as u32).rev() {
            assert_eq!(frames.pop(), Some(Frame::Owed(owed)));
            assert_eq!(frames.len(), owed as usize);
        }
        assert_eq!(frames.pop(), None);
    }
}
