//! Numbers, strings, and records of them, many in a row: of these most large objects consist.

use crate::codec::received::Received;
use crate::codec::scan::plain::Place;
use crate::codec::scan::{NODE, Scanner};

/// Octets that have not been looked at, and what they may weigh.
#[derive(Clone, Copy)]
pub(super) struct Run<'a> {
    pub(super) rest: &'a [u8],
    pub(super) room: u64,
    /// Whether strings have been passed.
    pub(super) texts: bool,
}

impl Run<'_> {
    /// Behind a number or a string.
    #[inline]
    pub(super) fn atom(self) -> Option<Self> {
        let (op, after) = self.rest.split_first()?;
        // Lengths that stand in the code, and not in a table, are there before `op` is.
        let (len, weight) = match op {
            19 => (1, NODE),
            7 | 16 => (4, NODE),
            15 => (8, NODE),
            8 | 17 => {
                let count = u32::from_be_bytes(*after.first_chunk()?);
                (4 + count as usize, NODE + u64::from(count))
            }
            14 => {
                // Of 64 bits, as most are.
                let words @ ..=2 = i32::from_be_bytes(*after.first_chunk()?).unsigned_abs() else {
                    return None;
                };
                (4 + 4 * words as usize, NODE + 4 * u64::from(words))
            }
            _ => return None,
        };
        let texts = self.texts || *op == 8;
        Some(Self { rest: after.get(len..)?, room: self.room.checked_sub(weight)?, texts })
    }

    /// The same, or behind something without parts that was saved, as `T` and `NIL` are.
    #[inline]
    fn part(self, received: &Received) -> Option<Self> {
        self.atom().or_else(|| self.lookup(received))
    }

    #[inline]
    fn lookup(self, received: &Received) -> Option<Self> {
        let [20, index @ ..=0x7f, rest @ ..] = self.rest else { return None };
        let kept = received.kept((*index).into()).filter(|kept| kept.depth == 0)?;
        Some(Self { rest, room: self.room.checked_sub(kept.weight)?, ..self })
    }

    /// Behind a record that is there whole, nests no deeper than `room`, and has nothing but such
    /// parts. Of one that has more its first fields are looked at in vain, once.
    #[inline]
    fn record(self, received: &Received, room: u32, levels: &mut u32) -> Option<Self> {
        let [21, fields @ 1..=255, 20, shape @ ..=0x7f, rest @ ..] = self.rest else { return None };
        let shape = received.kept((*shape).into())?;
        let depth = shape.depth.checked_add(1).filter(|&depth| depth <= room)?;
        let head = NODE.checked_add(shape.weight)?;
        let mut run = Self { rest, room: self.room.checked_sub(head)?, ..self };
        for _ in 0..*fields {
            run = run.part(received)?;
        }
        *levels = depth.max(*levels);
        Some(run)
    }
}

impl Scanner {
    /// Passes over numbers, strings and records of them, as many as are owed and there. Says whether
    /// that was the last that was owed, and leaves that to be [completed](Self::complete).
    #[inline]
    pub(super) fn pass_flat(&self, input: &[u8], here: &mut Place, received: &Received) -> bool {
        let rest = input.get(here.pos..).unwrap_or_default();
        let room = self.weight_limit.saturating_sub(here.weight);
        let mut run = Run { rest, room, texts: false };
        let depth = self.depth_limit.saturating_sub(here.depth);
        let (mut owed, mut levels) = (here.owed, 0);
        while owed > 0 {
            let next = match run.rest.first() {
                Some(21) => run.record(received, depth, &mut levels),
                _ => run.part(received),
            };
            let Some(next) = next else { break };
            (run, owed) = (next, owed - 1);
        }
        #[cfg(test)]
        self.looked(here.owed - owed);
        here.pos += rest.len() - run.rest.len();
        here.weight = self.weight_limit.saturating_sub(run.room);
        here.deepest = here.deepest.max(here.depth + levels);
        here.owed = owed.max(1);
        owed == 0
    }
}
