//! The calls and answers that most streams consist of, read in one look.

use crate::codec::header::varint;
use crate::codec::received::{Found, Received};
use crate::codec::scan::flat::Run;
use crate::codec::scan::{NODE, Scan, Scanner};
use crate::spare;

/// A compact call of a saved function, or the answer to one, whose parts are numbers and strings
/// only.
pub(crate) struct Small<'a> {
    pub(crate) head: SmallHead,
    /// How many arguments or values there are.
    pub(crate) count: u8,
    /// They themselves, one after another.
    pub(crate) parts: &'a [u8],
    pub(crate) len: usize,
    /// Whether there are strings among them.
    pub(crate) texts: bool,
    weight: u64,
}

/// What it is.
pub(crate) enum SmallHead {
    Call {
        /// How many values are wanted: 0 none, 1 to 5, or 6 for all.
        want: u8,
        /// What the answer will name.
        id: u32,
        /// Where the function's name was saved.
        index: u32,
    },
    Return {
        id: u32,
    },
}

impl Scanner {
    /// The object that `input` begins with, if it is a small one and there whole. Nothing is written
    /// down but where the next one begins.
    ///
    /// What would pass a limit is left to [`scan`](Self::scan), and so is what is so large that its
    /// octets may be shared.
    #[inline]
    pub(crate) fn small<'a>(&mut self, input: &'a [u8], received: &Received) -> Option<Small<'a>> {
        if self.is_within_object() || self.failed.is_some() {
            return None;
        }
        #[cfg(test)]
        if self.step_by_step {
            return None;
        }
        let (head, at, named) = SmallHead::read(input, received)?;
        let (&count, behind) = input.get(at..)?.split_first()?;
        let levels = u32::from(count > 0);
        let room = self.weight_limit.checked_sub(NODE.saturating_add(named))?;
        if levels > self.depth_limit {
            return None;
        }
        let mut run = Run { rest: behind, room, texts: false };
        for _ in 0..count {
            run = run.atom()?;
        }
        let len = input.len() - run.rest.len();
        if len >= spare::LEAST {
            return None;
        }
        #[cfg(test)]
        self.looked(1 + u32::from(count));
        self.base += len as u64;
        let parts = &behind[..behind.len() - run.rest.len()];
        let (texts, weight) = (run.texts, self.weight_limit - run.room);
        Some(Small { head, count, parts, len, texts, weight })
    }
}

impl SmallHead {
    /// The head, where the count of its parts stands, and what its function's name weighs.
    #[inline]
    pub(super) fn read(input: &[u8], received: &Received) -> Option<(Self, usize, u64)> {
        match *input {
            [22, want @ ..=6, ..] => {
                let (id, at) = if want == 0 { (0, 2) } else { varint(input, 2).ok()? };
                let (function, at) = varint(input, at).ok()?;
                let index = function.checked_sub(1)?;
                let Found::Kept(kept) = received.find(index) else { return None };
                kept.is_symbol.then_some((Self::Call { want, id, index }, at, kept.weight))
            }
            [23, ..] => {
                let (id, at) = varint(input, 1).ok()?;
                Some((Self::Return { id }, at, 0))
            }
            _ => None,
        }
    }

    /// How many calls it is.
    #[inline]
    pub(super) fn calls(&self) -> u32 {
        u32::from(matches!(self, Self::Call { .. }))
    }
}

impl Small<'_> {
    pub(super) fn scan(&self) -> Scan {
        Scan::Object {
            len: self.len,
            calls: self.head.calls(),
            tokens: 0,
            saved_tokens: 0,
            weight: self.weight,
            depth: u32::from(self.count > 0),
        }
    }
}
