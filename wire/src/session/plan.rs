//! Calls with calls among their arguments, taken apart so that they can run one after the other.
//!
//! CMUCL evaluates a call wherever an object may stand, and its value takes its place. Objects are
//! written in prefix order, so the value's octets can simply stand where the call stood.

use crate::codec::{Decoder, Received, Refusal, SymbolRef, Text};
use crate::object::Remote;
use crate::session::answer::Answer;
use crate::session::builtin::Builtin;
use crate::session::event::FunctionName;
use crate::token::Token;

/// A call tree in the order in which its calls run: innermost and leftmost first, the top one last.
///
/// It owns its octets, which name nothing in the cache; text in them is UTF-8, as that of the values
/// that come to stand among them, whatever the peer writes.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) calls: Vec<PlanCall>,
    pub(crate) answer: Option<Answer>,
    /// How deep it nests.
    pub(crate) depth: u32,
    /// Keeps the peer's objects that the octets name, until the calls have handles of their own.
    _objects: Vec<Remote>,
}

/// One call of a [`Plan`].
#[derive(Debug)]
pub(crate) struct PlanCall {
    pub(crate) function: PlanFunction,
    pub(crate) count: usize,
    pieces: Vec<Piece>,
}

/// What a call of a [`Plan`] calls.
#[derive(Debug)]
pub(crate) enum PlanFunction {
    /// A function of this program.
    Named { name: String, package: String },
    /// An answer. CMUCL, when it cannot send a value, leaves a `RETURN` without it, and what it
    /// writes next takes the value's place.
    Return,
    /// An abort, in such a place.
    Abort,
}

#[derive(Debug)]
enum Piece {
    Octets(Vec<u8>),
    /// The value of the call with that number.
    Value(usize),
}

/// Why a call tree is not run, and whose waits must be told besides the top one's.
#[derive(Debug)]
pub(crate) struct Unplanned {
    pub(crate) refusal: Refusal,
    pub(crate) aborted: Option<Token>,
    /// Calls of ours that were being answered.
    pub(crate) unanswered: Vec<u32>,
}

impl Unplanned {
    fn new(refusal: Refusal, aborted: Option<Token>) -> Self {
        Self { refusal, aborted, unanswered: Vec::new() }
    }
}

impl Plan {
    /// Takes the scanned `object` apart. Nothing is run before all of it is known to be in order.
    pub(crate) fn read(
        object: Decoder<'_>,
        depth: u32,
        received: &Received,
        answer: Option<Answer>,
    ) -> Result<Self, Unplanned> {
        let objects = object.remotes();
        let mut reader = Reader { input: object, received, open: Vec::new(), calls: Vec::new() };
        loop {
            if let Err(mut unplanned) = reader.step() {
                unplanned.unanswered = reader.unanswered();
                return Err(unplanned);
            }
            if reader.open.is_empty() {
                return Ok(Self { calls: reader.calls, answer, depth, _objects: objects });
            }
        }
    }

    /// A plan of one call, for one that must wait before it may run.
    pub(crate) fn of_call(
        symbol: &SymbolRef<'_>,
        mut arguments: Decoder<'_>,
        count: usize,
        answer: Option<Answer>,
    ) -> Self {
        let objects = arguments.remotes();
        let mut octets = Vec::new();
        for _ in 0..count {
            // The octets were scanned, so they are whole; if not, reading the argument says so.
            if arguments.expand_as(Text::Utf8, &mut octets).is_err() {
                break;
            }
        }
        let function = PlanFunction::Named {
            name: symbol.name.clone().into_owned(),
            package: symbol.package.clone().into_owned(),
        };
        let call = PlanCall { function, count, pieces: vec![Piece::Octets(octets)] };
        Self { calls: vec![call], answer, depth: 0, _objects: objects }
    }

    /// Whether any of its calls is one of a function, and not an answer.
    pub(crate) fn runs_functions(&self) -> bool {
        self.calls.iter().any(|call| matches!(call.function, PlanFunction::Named { .. }))
    }

    /// The octets it holds.
    pub(crate) fn len(&self) -> usize {
        self.calls.iter().flat_map(PlanCall::own).map(<[u8]>::len).sum()
    }
}

impl PlanCall {
    /// The octets of the arguments; `value` appends the value of the call of that number.
    pub(crate) fn arguments(&self, mut value: impl FnMut(usize, &mut Vec<u8>)) -> Vec<u8> {
        let mut octets = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Octets(own) => octets.extend_from_slice(own),
                Piece::Value(call) => value(*call, &mut octets),
            }
        }
        octets
    }

    /// The octets of the arguments that are the peer's own.
    pub(crate) fn own(&self) -> impl Iterator<Item = &[u8]> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Octets(own) => Some(&own[..]),
            Piece::Value(_) => None,
        })
    }

    /// The token that its arguments begin with, if they do.
    pub(crate) fn token(&self) -> Option<Token> {
        let Some(Piece::Octets(octets)) = self.pieces.first() else {
            return None;
        };
        let [12, token @ ..] = &octets[..] else {
            return None;
        };
        let four = |at| Some(u32::from_be_bytes(*token.get(at..)?.first_chunk()?));
        Some(Token::new(four(0)?, four(4)?, four(8)?))
    }

    /// Whether an argument is, or holds, the value of another call.
    pub(crate) fn has_nested(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Value(_)))
    }
}

struct Reader<'a> {
    input: Decoder<'a>,
    received: &'a Received,
    open: Vec<Open>,
    calls: Vec<PlanCall>,
}

/// A call whose arguments are not all read.
struct Open {
    call: PlanCall,
    /// Objects until its arguments are complete.
    owed: u64,
}

impl Reader<'_> {
    /// The calls of ours that the answers in the tree are for.
    fn unanswered(&self) -> Vec<u32> {
        let calls = self.calls.iter().chain(self.open.iter().map(|open| &open.call));
        let answers = calls.filter(|call| !matches!(call.function, PlanFunction::Named { .. }));
        answers.filter_map(PlanCall::token).filter(|t| t.is_local()).map(Token::id).collect()
    }

    /// Reads one op, and closes the calls that it completes.
    fn step(&mut self) -> Result<(), Unplanned> {
        if self.input.is_call() {
            self.open_call()?;
        } else {
            self.copy_op()?;
        }
        while self.open.last().is_some_and(|open| open.owed == 0) {
            self.calls.extend(self.open.pop().map(|open| open.call));
            let value = self.calls.len() - 1;
            if let Some(outer) = self.open.last_mut() {
                outer.call.pieces.push(Piece::Value(value));
                outer.owed -= 1;
            }
        }
        Ok(())
    }

    fn open_call(&mut self) -> Result<(), Unplanned> {
        let refused = |refusal| Unplanned::new(refusal, None);
        let head = self.input.call_head().map_err(|_| refused(Refusal::NotASymbolFunction))?;
        let name = FunctionName { at: head.function, received: self.received };
        let symbol = name.symbol().ok_or_else(|| refused(Refusal::NotASymbolFunction))?;
        let function = match Builtin::named(&symbol.name, &symbol.package) {
            None => PlanFunction::Named {
                name: symbol.name.into_owned(),
                package: symbol.package.into_owned(),
            },
            Some(Builtin::Return(_)) => PlanFunction::Return,
            Some(Builtin::Abort) => PlanFunction::Abort,
            Some(Builtin::Do(_)) => {
                let aborted = self.input.clone().token().ok();
                return Err(Unplanned::new(Refusal::DoInArguments, aborted));
            }
        };
        let count = usize::from(head.argc);
        let call = PlanCall { function, count, pieces: Vec::new() };
        self.open.push(Open { call, owed: count as u64 });
        Ok(())
    }

    /// Copies one op that is no call: an atom or a cached object whole, of anything else its head.
    fn copy_op(&mut self) -> Result<(), Unplanned> {
        let truncated = |_| Unplanned::new(Refusal::NotASymbolFunction, None);
        let Some(open) = self.open.last_mut() else {
            return Err(Unplanned::new(Refusal::NotASymbolFunction, None));
        };
        if !matches!(open.call.pieces.last(), Some(Piece::Octets(_))) {
            open.call.pieces.push(Piece::Octets(Vec::new()));
        }
        let Some(Piece::Octets(octets)) = open.call.pieces.last_mut() else {
            return Ok(());
        };
        let inner = self.input.copy_op(octets).map_err(truncated)?;
        open.owed = open.owed - 1 + inner;
        Ok(())
    }
}
