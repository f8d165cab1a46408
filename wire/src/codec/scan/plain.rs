//! The objects that most of a stream consists of.

use crate::codec::received::{Found, Received};
use crate::codec::scan::small::SmallHead;
use crate::codec::scan::stack::{Frame, Step};
use crate::codec::scan::{NODE, Scanner};

/// An object that is there whole, or the head of one with parts.
struct Plain {
    len: usize,
    weight: u64,
    levels: u32,
    calls: u32,
    /// What it begins.
    owed: Option<Frame>,
}

impl Scanner {
    /// Passes over plain objects until one stands there that is none, or that would pass a limit, or
    /// the top-level object has ended.
    ///
    /// [`step`](Self::step) could do the same, at many times the cost: here nothing can go wrong, so
    /// that all there is to know stays in registers until a construct begins or ends.
    #[inline]
    pub(super) fn pass_plain(&mut self, input: &[u8], received: &mut Received) -> Step {
        if self.owed_octets > 0 || self.function_next {
            return Step::On;
        }
        #[cfg(test)]
        if self.step_by_step {
            return Step::On;
        }
        let mut top = if self.pos == 0 { Plain::top_level(input, received) } else { None };
        let mut here = self.place();
        loop {
            if here.owed > 0 && self.pass_flat(input, &mut here, received) {
                if let Some(whole) = self.complete_one(&mut here, input, received) {
                    return whole;
                }
                continue;
            }
            let rest = input.get(here.pos..).unwrap_or_default();
            let Some(plain) = top.take().or_else(|| Plain::read(rest, received)) else {
                break;
            };
            let weight = here.weight.saturating_add(plain.weight);
            let depth = here.depth.saturating_add(plain.levels);
            if weight > self.weight_limit || depth > self.depth_limit {
                break;
            }
            #[cfg(test)]
            self.looked(1);
            here.weight = weight;
            here.deepest = here.deepest.max(depth);
            here.pos += plain.len;
            // A call is plain only at top level.
            self.tally.calls += plain.calls;
            if let Some(owed) = plain.owed {
                self.go_to(here);
                self.frames.push(owed);
                here = self.place();
            } else if let Some(whole) = self.complete_one(&mut here, input, received) {
                return whole;
            }
        }
        self.go_to(here);
        Step::On
    }

    /// One object has ended where `here` is, and perhaps what it was the last part of.
    #[inline]
    fn complete_one(
        &mut self,
        here: &mut Place,
        input: &[u8],
        received: &mut Received,
    ) -> Option<Step> {
        while here.owed == 1 {
            self.frames.pop();
            here.depth -= 1;
            here.owed = self.owed();
        }
        if here.owed > 1 {
            here.owed -= 1;
            return None;
        }
        self.go_to(*here);
        match self.complete(input, received) {
            Step::On => *here = self.place(),
            whole => return Some(whole),
        }
        None
    }

    /// What changes from one plain object to the next.
    #[inline]
    fn place(&self) -> Place {
        let (weight, depth, deepest) = (self.tally.weight, self.depth(), self.deepest);
        Place { pos: self.pos, weight, depth, deepest, owed: self.owed() }
    }

    #[inline]
    fn owed(&self) -> u32 {
        match self.frames.last() {
            Some(Frame::Owed(owed)) => *owed,
            _ => 0,
        }
    }

    #[inline]
    fn go_to(&mut self, place: Place) {
        self.pos = place.pos;
        self.tally.weight = place.weight;
        self.deepest = place.deepest;
        if let Some(Frame::Owed(owed)) = self.frames.last_mut() {
            *owed = place.owed;
        }
    }
}

/// Where in an object the scanner is.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) pos: usize,
    pub(super) weight: u64,
    pub(super) depth: u32,
    pub(super) deepest: u32,
    /// How many objects the innermost construct awaits; 0 if it is none that counts them.
    pub(super) owed: u32,
}

impl Plain {
    /// A compact call of a function that was saved, or its answer.
    #[inline]
    fn top_level(input: &[u8], received: &Received) -> Option<Self> {
        let (head, at, named) = SmallHead::read(input, received)?;
        let plain = match *input.get(at)? {
            0 => Self::atom(at + 1, named),
            parts => Self::head(at + 1, Frame::Owed(parts.into())),
        };
        Some(Self { weight: NODE.saturating_add(named), calls: head.calls(), ..plain })
    }

    #[inline]
    fn read(input: &[u8], received: &Received) -> Option<Self> {
        let (op, rest) = input.split_first()?;
        match op {
            19 => (!rest.is_empty()).then(|| Self::atom(2, 0)),
            7 => (rest.len() >= 4).then(|| Self::atom(5, 0)),
            15 => (rest.len() >= 8).then(|| Self::atom(9, 0)),
            8 | 17 => {
                let (count, octets) = rest.split_first_chunk()?;
                let count = u32::from_be_bytes(*count) as usize;
                (count <= octets.len()).then(|| Self::atom(5 + count, count as u64))
            }
            20 => {
                let index = rest.first().filter(|&&index| index < 0x80)?;
                Self::lookup(2, (*index).into(), received)
            }
            11 => Self::lookup(5, u32::from_be_bytes(*rest.first_chunk()?), received),
            13 => Some(Self::head(1, Frame::Car)),
            21 => match *rest {
                [0, ..] | [] => None,
                [fields, 20, shape @ ..=0x7f, ..] => Self::record(fields, shape.into(), received),
                [fields, ..] => Some(Self::head(2, Frame::Owed(u32::from(fields) + 1))),
            },
            18 => match *rest.first_chunk()? {
                [0 | 0x80, a @ ..=0x7f, b, c, d] => {
                    let count = u32::from_be_bytes([a, b, c, d]);
                    (count > 0).then(|| Self::head(6, Frame::Owed(count)))
                }
                _ => None,
            },
            _ => None,
        }
    }

    #[inline]
    fn atom(len: usize, octets: u64) -> Self {
        Self { len, weight: NODE + octets, levels: 0, calls: 0, owed: None }
    }

    #[inline]
    fn head(len: usize, frame: Frame) -> Self {
        Self { len, weight: NODE, levels: 1, calls: 0, owed: Some(frame) }
    }

    /// The head of a record and the lookup of its shape together.
    #[inline]
    fn record(fields: u8, shape: u32, received: &Received) -> Option<Self> {
        let head = Self::head(4, Frame::Owed(fields.into()));
        let shape = Self::lookup(0, shape, received)?;
        let (weight, levels) =
            (head.weight.saturating_add(shape.weight), head.levels.saturating_add(shape.levels));
        Some(Self { weight, levels, ..head })
    }

    #[inline]
    fn lookup(len: usize, index: u32, received: &Received) -> Option<Self> {
        let Found::Kept(kept) = received.find(index) else { return None };
        Some(Self { len, weight: kept.weight, levels: kept.depth, calls: 0, owed: None })
    }
}
