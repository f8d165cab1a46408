//! Objects that are saved at the peer at their first use, as CMUCL's `cache-it` has it.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::codec::encode::Encoder;
use crate::codec::encode::nested::Calls;
use crate::codec::error::Unsendable;
use crate::codec::op::Op;
use crate::codec::sent::SavedObject;

/// What tells one immutable object from all others of the process, as long as it runs.
#[derive(Debug)]
pub(crate) struct Identity {
    number: u64,
    /// The octets that it took when it was last saved, by whether the peer reads sequences: where
    /// they do not fit, saving it would be in vain.
    sizes: [AtomicU32; 2],
}

impl Identity {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self { number, sizes: [const { AtomicU32::new(0) }; 2] }
    }
}

impl Encoder<'_> {
    /// Has `write` write an object, the one of this identity, and saves it; or looks it up, if that
    /// was done before.
    ///
    /// # Errors
    /// Its own, or that it wrote more or less; or the object becomes too large, or too deep. A call
    /// in it would be evaluated once, and its value kept: none may stand there.
    pub(crate) fn cached(
        &mut self,
        identity: &Identity,
        write: impl FnOnce(&mut Self) -> Result<(), Unsendable>,
    ) -> Result<(), Unsendable> {
        let number = identity.number;
        let size = &identity.sizes[usize::from(self.reads(Op::Sequence))];
        let here = self.position();
        let Some(sent) = self.sent.as_mut() else { return self.without_calls(write) };
        if let Some(SavedObject { index, weight, depth }) = sent.object(number) {
            self.check_depth(depth)?;
            return self.look_up(index, weight);
        }
        // One that is all that another one holds is saved with that. A peer has a limit for saves
        // in saves, by levels, and this would be one without.
        let is_saved = self.cached_at == Some(here);
        let octets = size.load(Ordering::Relaxed) as usize;
        let index = if is_saved { None } else { sent.begin_object(number, octets) };
        let Some(index) = index else {
            return self.without_calls(write);
        };
        self.save(index);
        let (start, outer) = (self.position(), self.deepest);
        self.cached_at = Some(start);
        let mut saved = SavedObject { index, weight: 0, depth: 0 };
        self.without_calls(|out| {
            let (before, depth) = (out.weight, out.depth());
            out.deepest = depth;
            write(out)?;
            saved.weight = out.weight - before;
            saved.depth = out.deepest - depth;
            Ok(())
        })?;
        self.deepest = self.deepest.max(outer);
        let octets = self.position() - start;
        size.store(u32::try_from(octets).unwrap_or(u32::MAX), Ordering::Relaxed);
        if let Some(sent) = self.sent.as_mut() {
            sent.end_object(number, saved, octets);
        }
        Ok(())
    }

    /// Runs `write`, which must write one object, and no call in it.
    fn without_calls(
        &mut self,
        write: impl FnOnce(&mut Self) -> Result<(), Unsendable>,
    ) -> Result<(), Unsendable> {
        self.one(|out| {
            let calls = std::mem::replace(&mut out.calls, Calls::Nowhere);
            write(out)?;
            out.calls = calls;
            Ok(())
        })
    }
}
