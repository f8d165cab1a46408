//! The half of a session that reads: octets in, events out.

mod outside;

use bytes::{Bytes, BytesMut};

use crate::codec::{
    Ahead, CallHead, Decoder, FunctionRef, Head, Hello, Kind, ProtocolError, Received, Refusal,
    Scan, Scanner, SmallHead, SymbolRef, Text, Tokens,
};
use crate::limits::Limits;
use crate::session::answer::{Answer, Want};
use crate::session::builtin::Builtin;
use crate::session::event::{
    Event, FunctionName, IncomingCall, SmallCall, SmallEvent, Step, Values,
};
use crate::session::plan::{Plan, Unplanned};
use crate::spare;
use crate::token::Token;

pub(crate) use outside::Outside;

/// Who counts the peer's objects, and makes the handles of them.
pub(crate) trait Imports: Tokens {
    /// A token came; `saved` says that it stands in an object that is kept.
    fn count(&self, token: Token, saved: bool);

    /// Itself as what the decoder asks; the language does this by itself only since Rust 1.86.
    fn tokens(&self) -> &dyn Tokens;
}

/// Reads one direction of a wire.
///
/// Feed [`next`](Self::next) the octets not used yet until it says [`Step::More`], each time
/// dropping what the step before used.
///
/// ```text
///                     DO-n-VALUE-CALL token
///   +----------+  ------------------------------>  +-----------------+
///   | expecting|                                   | expecting       |--+ another DO: the first
///   | nothing  |  <------------------------------  | a form for token|<-+ token gets an abort
///   +----------+   any object: called, or itself   +-----------------+
/// ```
#[derive(Debug)]
pub(crate) struct Inbound {
    scanner: Scanner,
    received: Received,
    text: Text,
    /// The most that what has a length may weigh outside of objects too.
    weight_limit: u64,
    state: State,
}

/// What is remembered from one object to the next.
#[derive(Debug, Default)]
struct State {
    /// Who waits for the value of the next object.
    expecting: Option<Answer>,
    /// An answer that is owed besides the event just given.
    owed: Option<Answer>,
    /// Calls of ours whose answers were refused.
    unanswered: Vec<u32>,
    /// What is known of cached symbols as protocol calls, by cache index.
    known: Vec<Known>,
}

#[derive(Clone, Copy, Debug)]
enum Known {
    NotYet,
    Other,
    Builtin(Builtin),
}

/// One whole object.
#[derive(Clone, Copy)]
struct Scanned<'a> {
    octets: &'a [u8],
    /// The calls in it, its own included.
    calls: u32,
    depth: u32,
}

/// What the octets of an object are read with.
#[derive(Clone, Copy)]
struct With<'a> {
    received: &'a Received,
    text: Text,
    imports: &'a dyn Imports,
    /// What the octets are a part of, if that can be shared.
    whole: Option<&'a Bytes>,
}

impl Inbound {
    pub(crate) fn new(limits: &Limits, text: Text) -> Self {
        Self {
            scanner: Scanner::new(limits),
            received: Received::new(limits, text),
            text,
            weight_limit: limits.object_weight,
            state: State::default(),
        }
    }

    /// Has the event handled that `input` begins with, if it is a small one and there whole, and says
    /// how many octets it has. All others are those of [`next`](Self::next), from the same place. What
    /// is given back instead, through memory, costs more than to handle it.
    #[inline]
    pub(crate) fn small<'a, 'i: 'a>(
        &'a mut self,
        input: &'i [u8],
        ahead: &mut Ahead<'i>,
        imports: &'a dyn Imports,
        handle: impl FnOnce(SmallEvent<'a>),
    ) -> Option<usize> {
        if self.state.owed.is_some() || !self.state.unanswered.is_empty() {
            return None;
        }
        let small = self.scanner.small(input, &self.received)?;
        let received = &self.received;
        let mut parts = Decoder::new(small.parts, received, self.text, imports.tokens());
        if small.texts {
            parts = parts.within_text(ahead.reach(input, small.len));
        }
        match small.head {
            SmallHead::Call { want, id, index } => handle(SmallEvent::Call(SmallCall {
                index,
                received,
                arguments: parts,
                count: small.count.into(),
                answer: Answer::compact(want, id),
            })),
            SmallHead::Return { id } => {
                handle(SmallEvent::Returned(id, Values::new(parts, small.count.into(), false)));
            }
        }
        Some(small.len)
    }

    /// The next event of `input`, whose front is the first octet not used by the steps before. A
    /// large object that is most of its buffer is moved to `apart`, so that byte strings in it can be
    /// shared; then the step uses no octets.
    pub(crate) fn next<'a>(
        &'a mut self,
        input: &'a mut BytesMut,
        apart: &'a mut Option<Bytes>,
        imports: &'a dyn Imports,
    ) -> Result<Step<'a>, ProtocolError> {
        if let Some(answer) = self.state.owed.take() {
            return Ok(Step::Event(0, Event::Nil(answer)));
        }
        if let Some(id) = self.state.unanswered.pop() {
            return Ok(Step::Event(0, Event::Unwound(id, None)));
        }
        let (len, calls, depth, tokens, saved) =
            match self.scanner.scan_any(input, &mut self.received)? {
                Scan::More { discard } => return Ok(Step::More(discard)),
                Scan::Refused { discard, refusal, head } => {
                    return Ok(Step::Event(discard, self.state.refused(refusal, head)));
                }
                Scan::Object { len, calls, tokens, saved_tokens, depth, .. } => {
                    (len, calls, depth, tokens, saved_tokens > 0)
                }
            };
        if is_to_be_shared(input, len) {
            *apart = Some(split_off(input, len));
        }
        let whole = apart.as_ref();
        let (octets, used) = match whole {
            Some(object) => (&**object, 0),
            None => (&input[..len], len),
        };
        let object = Scanned { octets, calls, depth };
        let with = With { received: &self.received, text: self.text, imports, whole };
        let event = self.state.event(object, with);
        // The token of a wait is no object that could be held.
        if (tokens > 0 || saved) && !matches!(event, Event::Expecting) {
            with.decoder(object.octets).each_token(|token| imports.count(token, saved));
        }
        Ok(Step::Event(used, event))
    }

    /// How many octets of the string that is being read have not come.
    pub(crate) fn owed_octets(&self) -> usize {
        self.scanner.owed_octets()
    }

    /// Whether the peer is in the middle of an object.
    pub(crate) fn is_within_object(&self) -> bool {
        self.scanner.is_within_object()
    }
}

impl<'a> With<'a> {
    fn decoder(self, octets: &'a [u8]) -> Decoder<'a> {
        Decoder::new(octets, self.received, self.text, self.imports.tokens()).within(self.whole)
    }

    fn call(
        self,
        at: FunctionRef<'a>,
        count: u8,
        arguments: &'a [u8],
        answer: Option<Answer>,
    ) -> Event<'a> {
        Event::Call(IncomingCall {
            function: FunctionName { at, received: self.received },
            arguments: self.decoder(arguments),
            count: usize::from(count),
            answer,
        })
    }

    fn goodbye(self, reason: &'a [u8]) -> Event<'a> {
        let said = self.decoder(reason).string();
        Event::Goodbye(said.map(Into::into).unwrap_or_default())
    }
}

impl State {
    /// What becomes of an object that the scanner refused. Whoever waits is told: for the values of
    /// a call, or for an answer that was it.
    fn refused(&mut self, refusal: Refusal, head: Option<CallHead>) -> Event<'static> {
        let Some(head) = head else {
            return Event::Refused(self.expecting.take(), refusal, None);
        };
        if let Some(id) = answered(&head) {
            self.owed = self.expecting.take_if(|_| !head.top_level_only);
            return Event::Unanswered(id, refusal);
        }
        let answer = match answer_of(&head) {
            None if !head.top_level_only => self.expecting.take(),
            answer => answer,
        };
        Event::Refused(answer, refusal, head.function)
    }

    /// What a whole object is.
    fn event<'a>(&mut self, object: Scanned<'a>, with: With<'a>) -> Event<'a> {
        let Scanned { octets, calls, .. } = object;
        match Head::read(octets, with.received) {
            Head::Funcall { function, argc, args } => match self.known(&function, with.received) {
                Some(builtin) => self.builtin(builtin, argc, args, object, with),
                None if calls > 1 => {
                    let answer = self.expecting.take();
                    self.nested(object, Some(&function), with, answer)
                }
                None => with.call(function, argc, args, self.expecting.take()),
            },
            Head::Call { want, id, function, argc, args } => {
                let answer = Answer::compact(want, id);
                if calls > 1 {
                    return self.nested(object, Some(&function), with, answer);
                }
                with.call(function, argc, args, answer)
            }
            Head::Return { id, n, values } => {
                Event::Returned(id, Values::new(with.decoder(values), usize::from(n), false))
            }
            Head::Unwound { id, reason } => Event::Unwound(id, Some(with.decoder(reason))),
            Head::Release { object, count } => Event::Release(object, count),
            Head::Cancel { id } => Event::Cancel(id),
            Head::Ping { cookie } => Event::Ping(cookie),
            Head::Pong { .. } => Event::Pong,
            Head::Goodbye { reason } => with.goodbye(reason),
            Head::Object(_) if calls > 0 => {
                Event::Refused(self.expecting.take(), Refusal::CallInObject, None)
            }
            Head::Object(_) => match self.expecting.take() {
                Some(answer) => Event::Object(answer, with.decoder(octets)),
                None => hello(with.decoder(octets)).map_or(Event::Idle, Event::Hello),
            },
        }
    }

    /// What a call of the protocol itself is.
    fn builtin<'a>(
        &mut self,
        builtin: Builtin,
        argc: u8,
        args: &'a [u8],
        object: Scanned<'a>,
        with: With<'a>,
    ) -> Event<'a> {
        if object.calls > 1 && !matches!(builtin, Builtin::Do(_)) {
            // CMUCL could not send a value, and wrote something else in its place.
            let answer = self.expecting.take();
            return self.nested(object, None, with, answer);
        }
        let mut arguments = with.decoder(args);
        let token = if argc > 0 { arguments.token().ok() } else { None };
        let ours = |token: &Token| matches!(builtin, Builtin::Do(_)) || token.is_local();
        let Some(token) = token.filter(ours) else {
            return Event::Refused(self.expecting.take(), Refusal::NoToken, None);
        };
        if let Builtin::Do(code) = builtin {
            let want = Want::from_code(code).unwrap_or(Want::All);
            return match self.expecting.replace(Answer::Classic { token, want }) {
                Some(first) => Event::Refused(Some(first), Refusal::DoTwice, None),
                None => Event::Expecting,
            };
        }
        // Where a value was asked for, that of an answer is NIL.
        self.owed = self.expecting.take();
        match builtin {
            Builtin::Abort => Event::Unwound(token.id(), None),
            _ => {
                let count = usize::from(argc) - 1;
                Event::Returned(token.id(), Values::new(arguments, count, true))
            }
        }
    }

    /// A call tree whose top one is of that function, or why it is not run.
    fn nested<'a>(
        &mut self,
        object: Scanned<'a>,
        function: Option<&FunctionRef<'a>>,
        with: With<'a>,
        answer: Option<Answer>,
    ) -> Event<'a> {
        match Plan::read(with.decoder(object.octets), object.depth, with.received, answer) {
            Ok(plan) => Event::Nested(plan),
            Err(Unplanned { refusal, aborted, unanswered }) => {
                self.unanswered = unanswered;
                // A token in the arguments gets the abort if the tree itself has nobody waiting.
                let inner = aborted.map(|token| Answer::Classic { token, want: Want::Values(1) });
                let name = |at: &FunctionRef<'a>| {
                    FunctionName { at: at.clone(), received: with.received }.symbol()
                };
                let function = function.and_then(name).map(SymbolRef::into_owned);
                Event::Refused(answer.or(inner), refusal, function)
            }
        }
    }

    /// Whether a function is one of the protocol's own. After its first use a cached name is not
    /// compared any more.
    fn known(&mut self, function: &FunctionRef<'_>, received: &Received) -> Option<Builtin> {
        let named = |symbol: &SymbolRef<'_>| Builtin::named(&symbol.name, &symbol.package);
        let index = match function {
            FunctionRef::Index(index) => *index,
            FunctionRef::Named(symbol) => return named(symbol),
            _ => return None,
        };
        let place = index as usize;
        if place >= self.known.len() {
            self.known.resize(place + 1, Known::NotYet);
        }
        if matches!(self.known[place], Known::NotYet) {
            let builtin = received.symbol(index).as_ref().and_then(named);
            self.known[place] = builtin.map_or(Known::Other, Known::Builtin);
        }
        match self.known[place] {
            Known::Builtin(builtin) => Some(builtin),
            Known::NotYet | Known::Other => None,
        }
    }
}

/// Whether the first `len` octets are a large object that is at least half of its buffer, and what
/// follows it is little.
fn is_to_be_shared(input: &BytesMut, len: usize) -> bool {
    len >= spare::LEAST && 2 * len >= input.capacity() && input.len() - len <= spare::LEAST
}

/// Takes an object and its buffer from under what follows.
fn split_off(input: &mut BytesMut, len: usize) -> Bytes {
    let rest = BytesMut::from(&input[len..]);
    let mut object = std::mem::replace(input, rest);
    object.truncate(len);
    spare::share(object)
}

/// The call of ours that a refused object was an answer to.
fn answered(head: &CallHead) -> Option<u32> {
    let function = head.function.as_ref();
    let builtin = function.and_then(|symbol| Builtin::named(&symbol.name, &symbol.package));
    match builtin {
        Some(Builtin::Return(_) | Builtin::Abort) => {
            head.token.filter(|token| token.is_local()).map(Token::id)
        }
        _ => head.answers,
    }
}

/// Who waits for a compact call that was refused.
fn answer_of(head: &CallHead) -> Option<Answer> {
    let (want, id) = head.answer?;
    Answer::compact(want, id)
}

/// The hello in a top-level string, if it is one.
fn hello(mut object: Decoder<'_>) -> Option<Hello> {
    if object.kind() != Kind::String {
        return None;
    }
    let text = object.string().ok()?;
    // A hello that cannot be read is like none: the wire goes on in the dialect it has.
    text.parse().ok()
}
