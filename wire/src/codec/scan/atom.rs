//! Objects without parts, whose octets may still be on their way.

use crate::codec::error::{ProtocolErrorKind, Refusal};
use crate::codec::header::{Fault, Header, four, negative};
use crate::codec::op::Op;
use crate::codec::received::Received;
use crate::codec::scan::stack::Step;
use crate::codec::scan::{NODE, Scanner};

impl Scanner {
    pub(super) fn take_octets(&mut self, input: &[u8], received: &mut Received) -> Step {
        let there = (input.len() - self.pos) as u64;
        let taken = self.owed_octets.min(there);
        self.owed_octets -= taken;
        self.pos += taken as usize;
        if self.owed_octets > 0 { Step::Short } else { self.complete(input, received) }
    }

    #[inline]
    pub(super) fn atom(
        &mut self,
        header: Header,
        octets: u64,
        input: &[u8],
        received: &mut Received,
    ) -> Step {
        if let Some(refusal) = self.charge(NODE + octets) {
            return self.refuse(header, refusal, input, received);
        }
        if header.op == Op::Remote {
            match self.saves.is_empty() {
                true => self.tally.tokens += 1,
                false => self.tally.saved_tokens += 1,
            }
        }
        self.pos += header.len;
        self.owed_octets = octets;
        self.take_octets(input, received)
    }

    pub(super) fn symbol(
        &mut self,
        header: Header,
        name: u32,
        input: &[u8],
        received: &mut Received,
    ) -> Result<Step, ProtocolErrorKind> {
        let limit = self.symbol_limit;
        if name > limit {
            let refusal = Refusal::SymbolLength { length: name, limit };
            return Ok(self.refuse(header, refusal, input, received));
        }
        let rest = &input[self.pos..];
        let at = header.len + name as usize;
        let Ok(package) = four(rest, at) else { return Ok(Step::Short) };
        if package > i32::MAX as u32 {
            return Err(broken(negative(Op::Symbol, package)));
        }
        if package > limit {
            let refusal = Refusal::SymbolLength { length: package, limit };
            return Ok(self.refuse(header, refusal, input, received));
        }
        let end = at + 4 + package as usize;
        if rest.len() < end {
            return Ok(Step::Short);
        }
        if let Some(refusal) = self.charge(NODE + u64::from(name) + u64::from(package)) {
            return Ok(self.refuse(header, refusal, input, received));
        }
        self.function_next = false;
        self.pos += end;
        Ok(self.complete(input, received))
    }
}

/// The rule that a fault is about, where it cannot be a want of octets.
pub(super) fn broken(fault: Fault) -> ProtocolErrorKind {
    match fault {
        Fault::Broken(kind) => kind,
        Fault::Short => ProtocolErrorKind::Varint,
    }
}
