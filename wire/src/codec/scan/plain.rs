//! The objects that most of a stream consists of.

use crate::codec::header::{Body, compact_call, varint};
use crate::codec::received::{Found, Received};
use crate::codec::scan::stack::{Frame, Step};
use crate::codec::scan::{NODE, Scanner};

/// An object that is there whole, or the head of one with parts.
struct Plain {
    len: usize,
    weight: u64,
    levels: u32,
    calls: u32,
    frame: Option<Frame>,
}

impl Scanner {
    /// Passes over plain objects until one stands there that is none, or that would pass a limit, or
    /// the top-level object has ended.
    ///
    /// [`step`](Self::step) could do the same, at three times the cost: here nothing can go wrong,
    /// so that all there is to know of an object stays in registers.
    #[inline]
    pub(super) fn pass_plain(&mut self, input: &[u8], received: &mut Received) -> Step {
        if self.owed_octets > 0 || self.function_next {
            return Step::On;
        }
        #[cfg(test)]
        if self.step_by_step {
            return Step::On;
        }
        loop {
            let rest = input.get(self.pos..).unwrap_or_default();
            let top = if self.pos == 0 { Plain::top_level(rest, received) } else { None };
            let Some(plain) = top.or_else(|| Plain::read(rest, received)) else {
                return Step::On;
            };
            let weight = self.tally.weight.saturating_add(plain.weight);
            let depth = self.depth().saturating_add(plain.levels);
            if weight > self.weight_limit || depth > self.depth_limit {
                return Step::On;
            }
            #[cfg(test)]
            {
                self.looks += 1;
            }
            self.tally.weight = weight;
            self.tally.calls += plain.calls;
            self.deepest = self.deepest.max(depth);
            self.pos += plain.len;
            match plain.frame {
                Some(frame) => self.frames.push(frame),
                None => match self.complete(input, received) {
                    Step::On => {}
                    whole => return whole,
                },
            }
        }
    }
}

impl Plain {
    /// A compact call of a function that was saved, or its answer.
    #[inline]
    fn top_level(input: &[u8], received: &Received) -> Option<Self> {
        let (len, parts, function) = match *input {
            [22, ..] => match compact_call(input).ok()? {
                (len, Body::Call { function, argc, .. }) => (len, argc, Some(function)),
                _ => return None,
            },
            [23, ..] => {
                let (_, at) = varint(input, 1).ok()?;
                (at + 1, *input.get(at)?, None)
            }
            _ => return None,
        };
        let weight = match function {
            Some(function) => match received.find(function.checked_sub(1)?) {
                Found::Kept(kept) if kept.is_symbol => kept.weight,
                _ => return None,
            },
            None => 0,
        };
        let plain = match parts {
            0 => Self::atom(len, weight),
            _ => Self::head(len, Frame::Owed(parts.into())),
        };
        Some(Self { weight: NODE + weight, calls: function.is_some().into(), ..plain })
    }

    #[inline]
    fn read(input: &[u8], received: &Received) -> Option<Self> {
        match *input {
            [19, _, ..] => Some(Self::atom(2, 0)),
            [7, _, _, _, _, ..] => Some(Self::atom(5, 0)),
            [15, _, _, _, _, _, _, _, _, ..] => Some(Self::atom(9, 0)),
            [8 | 17, a, b, c, d, ref octets @ ..] => {
                let count = u32::from_be_bytes([a, b, c, d]) as usize;
                (count <= octets.len()).then(|| Self::atom(5 + count, count as u64))
            }
            [20, index @ ..=0x7f, ..] => Self::lookup(2, index.into(), received),
            [11, a, b, c, d, ..] => Self::lookup(5, u32::from_be_bytes([a, b, c, d]), received),
            [13, ..] => Some(Self::head(1, Frame::Car)),
            [21, fields @ 1..=255, ..] => Some(Self::head(2, Frame::Owed(u32::from(fields) + 1))),
            [18, 0 | 0x80, a @ ..=0x7f, b, c, d, ..] => {
                let count = u32::from_be_bytes([a, b, c, d]);
                (count > 0).then(|| Self::head(6, Frame::Owed(count)))
            }
            _ => None,
        }
    }

    #[inline]
    fn atom(len: usize, octets: u64) -> Self {
        Self { len, weight: NODE + octets, levels: 0, calls: 0, frame: None }
    }

    #[inline]
    fn head(len: usize, frame: Frame) -> Self {
        Self { len, weight: NODE, levels: 1, calls: 0, frame: Some(frame) }
    }

    #[inline]
    fn lookup(len: usize, index: u32, received: &Received) -> Option<Self> {
        let Found::Kept(kept) = received.find(index) else { return None };
        Some(Self { len, weight: kept.weight, levels: kept.depth, calls: 0, frame: None })
    }
}
