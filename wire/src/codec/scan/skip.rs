//! Skipping a refused object: a count of what is owed, and no stack.

use crate::codec::decode::{Decoder, NoTokens};
use crate::codec::error::{ProtocolErrorKind, Refusal};
use crate::codec::head::Head;
use crate::codec::header::{Body, Fault, Header, four, negative};
use crate::codec::op::Op;
use crate::codec::received::{Cost, Received};
use crate::codec::scan::atom::broken;
use crate::codec::scan::stack::{Frame, Step};
use crate::codec::scan::{NODE, Scan, Scanner};
use crate::codec::text::SymbolRef;
use crate::token::Token;

/// What is known of a call, or of another object with a meaning of its own, that was refused.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct CallHead {
    /// Whether it may stand at top level only, so that it is nobody's value.
    pub top_level_only: bool,
    /// What a [`Call`](Op::Call) wants, and its id; `None` if it wants nothing, or is a classic call.
    pub answer: Option<(u8, u32)>,
    /// The id that a [`Return`](Op::Return) or an [`Unwound`](Op::Unwound) names.
    pub answers: Option<u32>,
    /// The function, if its name had been read.
    pub function: Option<SymbolRef<'static>>,
    /// The remote object that the arguments begin with, if it had been read.
    pub token: Option<Token>,
}

/// A refused object on its way out.
#[derive(Debug)]
pub(super) struct Skip {
    refusal: Refusal,
    head: Option<CallHead>,
    /// How many objects of it have not begun.
    owed: u64,
    /// The index at which the next object was to be kept.
    saved: Option<u32>,
    /// A symbol's name is being passed over; its package follows.
    package_follows: bool,
}

impl Scanner {
    /// Refuses the current object at the header that stands at `pos`, and passes over the header.
    #[cold]
    pub(super) fn refuse(
        &mut self,
        header: Header,
        refusal: Refusal,
        input: &[u8],
        received: &mut Received,
    ) -> Step {
        let owed: u64 = self.frames.iter().map(|frame| frame.owes()).sum();
        for save in self.saves.drain(..) {
            received.refuse(save.index);
        }
        let (head, saved) = (call_head(input, received), None);
        self.frames.clear();
        self.skip = Some(Skip { refusal, head, owed, saved, package_follows: false });
        self.pass(header);
        Step::On
    }

    /// Passes over a header, and what it says follows.
    fn pass(&mut self, header: Header) {
        self.pos += header.len;
        let Some(skip) = &mut self.skip else { return };
        let (octets, objects) = match header.body {
            Body::Octets(octets) => (octets, 0),
            Body::Symbol { name } => {
                skip.package_follows = true;
                (name.into(), 0)
            }
            Body::Objects(count) => (0, count.into()),
            Body::Cons => (0, 2),
            Body::Function { argc } | Body::Call { function: 0, argc, .. } => {
                (0, u64::from(argc) + 1)
            }
            Body::Call { argc, .. } => (0, argc.into()),
            Body::Save(_) => (0, 1),
            Body::Lookup(_) => (0, 0),
        };
        self.owed_octets = octets;
        skip.owed = skip.owed.saturating_add(objects);
    }

    /// Goes on skipping as far as the input reaches.
    pub(super) fn skip_on(
        &mut self,
        input: &[u8],
        received: &mut Received,
    ) -> Result<Scan, ProtocolErrorKind> {
        loop {
            let taken = self.owed_octets.min((input.len() - self.pos) as u64);
            self.owed_octets -= taken;
            self.pos += taken as usize;
            let is_whole = self.skip.as_ref().is_none_or(|s| s.owed == 0 && !s.package_follows);
            if self.owed_octets == 0 && is_whole {
                return Ok(self.skipped());
            }
            if self.owed_octets > 0 || !self.skip_step(input, received)? {
                let discard = self.pos;
                self.base += discard as u64;
                self.pos = 0;
                return Ok(Scan::More { discard });
            }
        }
    }

    fn skipped(&mut self) -> Scan {
        let discard = self.pos;
        self.reset();
        match self.skip.take() {
            Some(Skip { refusal, head, .. }) => Scan::Refused { discard, refusal, head },
            None => Scan::More { discard },
        }
    }

    /// Passes over one header; `false` if it is not there yet.
    fn skip_step(
        &mut self,
        input: &[u8],
        received: &mut Received,
    ) -> Result<bool, ProtocolErrorKind> {
        #[cfg(test)]
        self.looked(self.skip.is_some().into());
        let Some(skip) = &mut self.skip else { return Ok(false) };
        let rest = &input[self.pos..];
        if skip.package_follows {
            let Ok(package) = four(rest, 0) else { return Ok(false) };
            if package > i32::MAX as u32 {
                return Err(broken(negative(Op::Symbol, package)));
            }
            skip.package_follows = false;
            self.pos += 4;
            self.owed_octets = package.into();
            return Ok(true);
        }
        let header = match Header::read(rest) {
            Ok(header) => header,
            Err(Fault::Short) => return Ok(false),
            Err(Fault::Broken(kind)) => return Err(kind),
        };
        match header.body {
            _ if header.op.is_top_level_only() => {
                return Err(ProtocolErrorKind::Misplaced { op: header.op });
            }
            Body::Lookup(index) if index >= received.len() => {
                return Err(ProtocolErrorKind::NeverSaved { index, saved: received.len() });
            }
            Body::Symbol { name } if skip.saved.is_some() => {
                return self.skip_saved_symbol(header, name, rest, received);
            }
            _ => {}
        }
        skip.owed -= 1;
        if let Some(index) = skip.saved.take() {
            received.refuse(index);
        }
        if let Body::Save(index) = header.body {
            received.open(index)?;
            skip.saved = Some(index);
        }
        self.pass(header);
        Ok(true)
    }

    /// A symbol that is saved inside a refused object is kept: the peer will look it up.
    fn skip_saved_symbol(
        &mut self,
        header: Header,
        name: u32,
        rest: &[u8],
        received: &mut Received,
    ) -> Result<bool, ProtocolErrorKind> {
        let limit = self.symbol_limit;
        let at = header.len + name as usize;
        let package = match (name <= limit).then(|| four(rest, at)) {
            None => None,
            Some(Err(_)) => return Ok(false),
            Some(Ok(package)) if package > i32::MAX as u32 => {
                return Err(broken(negative(Op::Symbol, package)));
            }
            Some(Ok(package)) => Some(package).filter(|&package| package <= limit),
        };
        let symbol = match package.map(|package| rest.get(..at + 4 + package as usize)) {
            Some(None) => return Ok(false),
            Some(symbol) => symbol,
            None => None,
        };
        let Some(skip) = &mut self.skip else { return Ok(false) };
        skip.owed -= 1;
        match (skip.saved.take(), symbol) {
            (Some(index), Some(symbol)) => {
                let weight = NODE + symbol.len() as u64 - 9;
                received.keep(index, symbol, Cost { weight, depth: 0 });
                self.pos += symbol.len();
            }
            (saved, _) => {
                saved.into_iter().for_each(|index| received.refuse(index));
                self.pass(header);
            }
        }
        Ok(true)
    }
}

impl Frame {
    /// How many objects it awaits beyond the one being read.
    fn owes(self) -> u64 {
        match self {
            Self::Car => 1,
            Self::Function(argc) => argc.into(),
            Self::Owed(owed) => u64::from(owed) - 1,
            Self::Save => 0,
        }
    }
}

/// What can be told of the call that `input` begins with, or of an object that is no value.
fn call_head(input: &[u8], received: &Received) -> Option<CallHead> {
    let op = Header::read(input).ok()?.op;
    let top_level_only = op.is_top_level_only();
    let nothing =
        CallHead { top_level_only, answer: None, answers: None, function: None, token: None };
    let (answer, function, args) = match Head::read(input, received) {
        Head::Funcall { function, args, .. } => (None, function, args),
        Head::Call { want, id, function, args, .. } => {
            ((want > 0).then_some((want, id)), function, args)
        }
        Head::Return { id, .. } | Head::Unwound { id, .. } => {
            return Some(CallHead { answers: Some(id), ..nothing });
        }
        _ => return top_level_only.then_some(nothing),
    };
    let function = function.symbol(received).map(SymbolRef::into_owned);
    // Only behind a function that was read do the arguments begin where they seem to.
    let first = || Decoder::new(args, received, received.text(), &NoTokens).token().ok();
    let token = function.as_ref().and_then(|_| first());
    Some(CallHead { answer, function, token, ..nothing })
}
