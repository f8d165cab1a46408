//! The scanner's stack: what has begun, what it costs, and what is kept when it ends.

use crate::codec::error::Refusal;
use crate::codec::header::{Body, Header};
use crate::codec::received::{Cost, Received};
use crate::codec::scan::Scanner;

/// What the objects so far amount to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub(super) weight: u64,
    pub(super) calls: u32,
    pub(super) tokens: u32,
    pub(super) saved_tokens: u32,
}

/// A construct that has begun.
#[derive(Clone, Copy, Debug)]
pub(super) enum Frame {
    /// Awaits its car. The cdr takes the place of the whole, so that long lists nest no deeper.
    Car,
    /// Awaits its function, then so many arguments.
    Function(u8),
    /// Awaits so many objects, the one being read included.
    Owed(u32),
    /// Awaits what is to be kept; the rest is in `saves`.
    Save,
}

/// What was known when a save began.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenSave {
    pub(super) index: u32,
    /// Where its object begins.
    pub(super) start: usize,
    pub(super) weight: u64,
    pub(super) calls: u32,
    pub(super) deepest: u32,
}

/// One step of the machine.
pub(super) enum Step {
    On,
    /// The top-level object has ended.
    Whole,
    Short,
}

impl Scanner {
    /// An object has ended, and with it all that it was the last part of.
    #[inline]
    pub(super) fn complete(&mut self, input: &[u8], received: &mut Received) -> Step {
        loop {
            match self.frames.last_mut() {
                None => return Step::Whole,
                Some(Frame::Car) => {
                    self.frames.pop();
                    return Step::On;
                }
                Some(frame @ Frame::Function(1..)) => {
                    let Frame::Function(argc) = *frame else { return Step::On };
                    *frame = Frame::Owed(argc.into());
                    return Step::On;
                }
                Some(Frame::Owed(owed @ 2..)) => {
                    *owed -= 1;
                    return Step::On;
                }
                Some(Frame::Function(_) | Frame::Owed(_)) => {
                    self.frames.pop();
                }
                Some(Frame::Save) => {
                    self.frames.pop();
                    self.close_save(input, received);
                }
            }
        }
    }

    /// Keeps the object that the innermost save is around.
    pub(super) fn close_save(&mut self, input: &[u8], received: &mut Received) {
        let Some(save) = self.saves.pop() else { return };
        let mut octets = &input[save.start..self.pos];
        let cost =
            Cost { weight: self.tally.weight - save.weight, depth: self.deepest - self.depth() };
        self.deepest = self.deepest.max(save.deepest);
        while let Ok(Header { body: Body::Save(_), len, .. }) = Header::read(octets) {
            octets = &octets[len..];
        }
        match Header::read(octets) {
            Ok(Header { body: Body::Lookup(of), .. }) => received.alias(save.index, of),
            _ if self.tally.calls > save.calls => received.refuse(save.index),
            _ => received.keep(save.index, octets, cost),
        }
    }

    pub(super) fn depth(&self) -> u32 {
        (self.frames.len() - self.saves.len()) as u32
    }

    #[inline]
    pub(super) fn charge(&mut self, weight: u64) -> Option<Refusal> {
        self.tally.weight = self.tally.weight.saturating_add(weight);
        let limit = self.weight_limit;
        (self.tally.weight > limit).then_some(Refusal::Weight { limit })
    }

    /// Whether there is room for an object of so many levels.
    #[inline]
    pub(super) fn charge_depth(&mut self, levels: u32) -> Option<Refusal> {
        let depth = self.depth().saturating_add(levels);
        self.deepest = self.deepest.max(depth);
        let limit = self.depth_limit;
        (depth > limit).then_some(Refusal::Depth { limit })
    }
}
