//! Finding where each of the peer's objects ends, whatever the cuts, and what it costs to read.

mod atom;
mod flat;
mod plain;
mod skip;
mod small;
mod stack;

use crate::codec::error::{FirstOctets, ProtocolError, ProtocolErrorKind, Refusal};
use crate::codec::header::{Body, Fault, Header};
use crate::codec::op::Op;
use crate::codec::received::{Found, Received};
use crate::codec::scan::skip::Skip;
use crate::codec::scan::stack::{Frame, OpenSave, Step, Tally};
use crate::limits::Limits;

pub use crate::codec::scan::skip::CallHead;
pub(crate) use crate::codec::scan::small::SmallHead;

/// Weight of every object, beside its octets.
pub(crate) const NODE: u64 = 16;

/// A push-down machine over the bytes of one direction of a wire.
///
/// It remembers where it is, so it looks at each octet a bounded number of times whatever the
/// pieces, and it keeps what it knows on a stack of its own, so that a peer's nesting costs no
/// stack of ours. It reserves nothing on the word of a length.
///
/// ```text
///             header read               limit passed
///   reading ---------------> reading ------------------> skipping
///      ^        last object ends |                          | nothing owed any more
///      |       Scan::Object      |                          | Scan::Refused
///      +-------------------------+--------------------------+
/// ```
///
/// ```
/// use wire::Limits;
/// use wire::codec::{Received, Scan, Scanner, Text};
///
/// let limits = Limits::default();
/// let (mut scanner, mut received) = (Scanner::new(&limits), Received::new(&limits, Text::Utf8));
/// let bytes = [7, 0, 0, 0, 42, 13];
/// assert_eq!(scanner.scan(&bytes[..3], &mut received)?, Scan::More { discard: 0 });
/// let Scan::Object { len, .. } = scanner.scan(&bytes, &mut received)? else { panic!() };
/// assert_eq!(len, 5);
/// assert_eq!(scanner.scan(&bytes[5..], &mut received)?, Scan::More { discard: 0 });
/// # Ok::<(), wire::codec::ProtocolError>(())
/// ```
#[derive(Debug)]
pub struct Scanner {
    depth_limit: u32,
    weight_limit: u64,
    symbol_limit: u32,
    /// Where in the stream the input's first octet stands.
    base: u64,
    /// How much of the input has been looked at.
    pos: usize,
    /// Octets of the last object's packed data that have not arrived.
    owed_octets: u64,
    frames: Vec<Frame>,
    saves: Vec<OpenSave>,
    /// The next object is a function.
    function_next: bool,
    tally: Tally,
    /// The deepest nesting since the innermost open save began.
    deepest: u32,
    skip: Option<Skip>,
    failed: Option<ProtocolError>,
    /// How often a header was read, for the tests of linear time.
    #[cfg(test)]
    pub(crate) looks: std::cell::Cell<u64>,
    /// Whether plain objects go the long way too, for the test that it makes no difference.
    #[cfg(test)]
    pub(crate) step_by_step: bool,
}

/// What [`Scanner::scan`] found.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Scan {
    /// All of the input has been looked at; more is needed.
    More {
        /// So many octets at the front are not needed any more: an object is being skipped.
        discard: usize,
    },
    /// One whole top-level object.
    Object {
        /// Its octets, from the input's first.
        len: usize,
        /// The calls in it, its own included.
        calls: u32,
        /// The remote objects in it, outside of what it saves.
        tokens: u32,
        /// The remote objects in what it saves.
        saved_tokens: u32,
        /// Its weight.
        weight: u64,
        /// How deep it nests, the looked-up parts included.
        depth: u32,
    },
    /// One object was refused, and skipped to its end.
    Refused {
        /// So many octets at the front are done with.
        discard: usize,
        /// Why.
        refusal: Refusal,
        /// What call it was, as far as was known when it was refused.
        head: Option<CallHead>,
    },
}

impl Scanner {
    /// A scanner at the beginning of a stream.
    pub fn new(limits: &Limits) -> Self {
        Self {
            depth_limit: limits.depth,
            weight_limit: limits.object_weight,
            symbol_limit: limits.symbol_length,
            base: 0,
            pos: 0,
            owed_octets: 0,
            frames: Vec::new(),
            saves: Vec::new(),
            function_next: false,
            tally: Tally::default(),
            deepest: 0,
            skip: None,
            failed: None,
            #[cfg(test)]
            looks: std::cell::Cell::default(),
            #[cfg(test)]
            step_by_step: false,
        }
    }

    /// Reads on in `input`, which begins with the first octet of the current object, or, while one
    /// is being skipped, with the first octet that was not discarded.
    ///
    /// # Errors
    /// The peer broke a rule after which nobody knows where the next object begins. Every later
    /// call says the same.
    pub fn scan(&mut self, input: &[u8], received: &mut Received) -> Result<Scan, ProtocolError> {
        match self.small(input, received) {
            Some(small) => Ok(small.scan()),
            None => self.scan_any(input, received),
        }
    }

    /// The same for whoever has looked for a [`small`](Self::small) object.
    pub(crate) fn scan_any(
        &mut self,
        input: &[u8],
        received: &mut Received,
    ) -> Result<Scan, ProtocolError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        if input.is_empty() {
            return Ok(Scan::More { discard: 0 });
        }
        self.run(input, received).map_err(|kind| {
            let at = self.base + self.pos as u64;
            let unknown = matches!(kind, ProtocolErrorKind::UnknownOp { .. }) && at == 0;
            // TLS begins with the number of one of our own ops, and breaks off in it.
            let foreign = self.base == 0 && input.first() > Some(&Op::LAST_CLASSIC.byte());
            let kind = if unknown || foreign {
                ProtocolErrorKind::NotAWire(FirstOctets::new(input))
            } else {
                kind
            };
            *self.failed.insert(ProtocolError { at, kind })
        })
    }

    /// Notes that so many octets between two objects were none: a called function has read them.
    pub fn pass_untagged(&mut self, octets: usize) {
        debug_assert!(!self.is_within_object(), "objects are read to their ends");
        self.base += octets as u64;
    }

    /// Whether an object has begun that has not ended; a stream may end only when none has.
    pub fn is_within_object(&self) -> bool {
        self.pos > 0 || self.skip.is_some()
    }

    /// How many octets of the string that is being read have not come, as the peer told its length.
    pub(crate) fn owed_octets(&self) -> usize {
        if self.skip.is_some() {
            0
        } else {
            usize::try_from(self.owed_octets).unwrap_or(usize::MAX)
        }
    }

    fn run(&mut self, input: &[u8], received: &mut Received) -> Result<Scan, ProtocolErrorKind> {
        while self.skip.is_none() {
            if let Step::Whole = self.pass_plain(input, received) {
                return Ok(self.whole());
            }
            match self.step(input, received)? {
                Step::On => {}
                Step::Whole => return Ok(self.whole()),
                Step::Short => return Ok(Scan::More { discard: 0 }),
            }
        }
        self.skip_on(input, received)
    }

    #[cfg(test)]
    fn looked(&self, headers: u32) {
        self.looks.set(self.looks.get() + u64::from(headers));
    }

    /// The end of a top-level object.
    fn whole(&mut self) -> Scan {
        let (len, depth) = (self.pos, self.deepest);
        let Tally { weight, calls, tokens, saved_tokens } = self.tally;
        self.reset();
        Scan::Object { len, calls, tokens, saved_tokens, weight, depth }
    }

    /// Makes ready for the next object, which begins at `pos`.
    fn reset(&mut self) {
        self.base += self.pos as u64;
        self.pos = 0;
        self.deepest = 0;
        self.tally = Tally::default();
        self.function_next = false;
        // What one deep object needed is not kept for good.
        self.frames.clear();
        self.frames.shrink_to(256);
        self.saves.clear();
        self.saves.shrink_to(16);
    }

    /// Reads one object's header, and its octets as far as they are there.
    #[inline]
    fn step(&mut self, input: &[u8], received: &mut Received) -> Result<Step, ProtocolErrorKind> {
        if self.owed_octets > 0 {
            return Ok(self.take_octets(input, received));
        }
        #[cfg(test)]
        self.looked(1);
        let rest = input.get(self.pos..).unwrap_or_default();
        let header = match Header::read(rest) {
            Ok(header) => header,
            Err(Fault::Short) => return Ok(Step::Short),
            Err(Fault::Broken(kind)) => return Err(kind),
        };
        if header.op.is_top_level_only() && self.pos > 0 {
            return Err(ProtocolErrorKind::Misplaced { op: header.op });
        }
        if self.function_next {
            if let Some(refusal) = Self::unfit_function(header, received) {
                return Ok(self.refuse(header, refusal, input, received));
            }
        }
        match header.body {
            Body::Octets(octets) => Ok(self.atom(header, octets, input, received)),
            Body::Symbol { name } => self.symbol(header, name, input, received),
            Body::Cons => Ok(self.begin(header, Frame::Car, input, received)),
            Body::Lookup(index) => self.lookup(header, index, input, received),
            Body::Save(index) => self.save(header, index, input, received),
            Body::Objects(_) | Body::Function { .. } | Body::Call { .. } => {
                self.compound(header, input, received)
            }
        }
    }

    /// What stands where a function must: a symbol, or a lookup of one, or either being saved.
    fn unfit_function(header: Header, received: &Received) -> Option<Refusal> {
        let is_symbol = match header.body {
            Body::Save(_) | Body::Symbol { .. } => true,
            // What was refused, or never saved, is found out below.
            Body::Lookup(index) => received.kept(index).is_none_or(|kept| kept.is_symbol),
            _ => false,
        };
        (!is_symbol).then_some(Refusal::NotASymbolFunction)
    }

    fn lookup(
        &mut self,
        header: Header,
        index: u32,
        input: &[u8],
        received: &mut Received,
    ) -> Result<Step, ProtocolErrorKind> {
        let refusal = match received.find(index) {
            Found::NeverSaved => {
                return Err(ProtocolErrorKind::NeverSaved { index, saved: received.len() });
            }
            Found::Refused => Some(Refusal::RefusedLookup { index }),
            Found::Open => Some(Refusal::SelfLookup { index }),
            Found::Kept(kept) => {
                let (weight, depth) = (kept.weight, kept.depth);
                self.charge(weight).or_else(|| self.charge_depth(depth))
            }
        };
        if let Some(refusal) = refusal {
            return Ok(self.refuse(header, refusal, input, received));
        }
        self.function_next = false;
        self.pos += header.len;
        Ok(self.complete(input, received))
    }

    fn save(
        &mut self,
        header: Header,
        index: u32,
        input: &[u8],
        received: &mut Received,
    ) -> Result<Step, ProtocolErrorKind> {
        received.open(index)?;
        let start = self.pos + header.len;
        let Tally { weight, calls, .. } = self.tally;
        self.saves.push(OpenSave { index, start, weight, calls, deepest: self.deepest });
        self.frames.push(Frame::Save);
        self.deepest = self.depth();
        // A save within a save is a shape that saves its symbols: always allowed.
        if self.saves.len() as u64 > u64::from(self.depth_limit) + 2 {
            self.frames.pop();
            let refusal = Refusal::Depth { limit: self.depth_limit };
            return Ok(self.refuse(header, refusal, input, received));
        }
        self.pos = start;
        Ok(Step::On)
    }

    fn compound(
        &mut self,
        header: Header,
        input: &[u8],
        received: &mut Received,
    ) -> Result<Step, ProtocolErrorKind> {
        let frame = match header.body {
            Body::Function { argc } | Body::Call { function: 0, argc, .. } => Frame::Function(argc),
            Body::Call { function, argc, .. } => {
                let unfit = self.call_by_index(function - 1, received)?;
                if let Some(refusal) = unfit {
                    return Ok(self.refuse(header, refusal, input, received));
                }
                Frame::Owed(argc.into())
            }
            Body::Objects(count) => Frame::Owed(count),
            _ => Frame::Owed(0),
        };
        if matches!(header.body, Body::Function { .. } | Body::Call { .. }) {
            self.tally.calls += 1;
        }
        if let Frame::Owed(0) = frame {
            return Ok(self.atom(header, 0, input, received));
        }
        Ok(self.begin(header, frame, input, received))
    }

    /// A call whose function is a cache index.
    fn call_by_index(
        &mut self,
        index: u32,
        received: &Received,
    ) -> Result<Option<Refusal>, ProtocolErrorKind> {
        Ok(match received.find(index) {
            Found::NeverSaved => {
                return Err(ProtocolErrorKind::NeverSaved { index, saved: received.len() });
            }
            Found::Kept(kept) if kept.is_symbol => {
                let weight = kept.weight;
                self.charge(weight)
            }
            Found::Kept(_) => Some(Refusal::NotASymbolFunction),
            Found::Refused | Found::Open => Some(Refusal::RefusedLookup { index }),
        })
    }

    /// Begins a construct.
    #[inline]
    fn begin(
        &mut self,
        header: Header,
        frame: Frame,
        input: &[u8],
        received: &mut Received,
    ) -> Step {
        let refusal = self.charge(NODE).or_else(|| self.charge_depth(1));
        if let Some(refusal) = refusal {
            return self.refuse(header, refusal, input, received);
        }
        self.function_next = matches!(frame, Frame::Function(_));
        self.frames.push(frame);
        self.pos += header.len;
        Step::On
    }
}
