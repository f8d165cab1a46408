//! The half of a session that reads: octets in, events out.

use crate::codec::{
    CallHead, Decoder, FunctionRef, Head, Hello, Kind, ProtocolError, Received, Refusal, Scan,
    Scanner, Text, Tokens,
};
use crate::limits::Limits;
use crate::session::answer::{Answer, Want};
use crate::session::builtin::Builtin;
use crate::session::event::{Event, FunctionName, IncomingCall, Step, Values};
use crate::session::plan::{Plan, Unplanned};
use crate::token::Token;

/// Who counts the peer's objects, and makes the handles of them.
pub(crate) trait Imports: Tokens {
    /// A token came; `saved` says that it stands in an object that is kept.
    fn count(&self, token: Token, saved: bool);
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
    expecting: Option<Answer>,
    /// An answer that is owed besides the event just given.
    owed: Option<Answer>,
    /// What is known of cached symbols as protocol calls, by cache index.
    known: Vec<Known>,
}

#[derive(Clone, Copy, Debug)]
enum Known {
    NotYet,
    Other,
    Builtin(Builtin),
}

impl Inbound {
    pub(crate) fn new(limits: &Limits, text: Text) -> Self {
        Self {
            scanner: Scanner::new(limits),
            received: Received::new(limits, text),
            text,
            expecting: None,
            owed: None,
            known: Vec::new(),
        }
    }

    /// The next event of `input`, whose front is the first octet not used by the steps before.
    pub(crate) fn next<'a>(
        &'a mut self,
        input: &'a [u8],
        imports: &'a dyn Imports,
    ) -> Result<Step<'a>, ProtocolError> {
        if let Some(answer) = self.owed.take() {
            return Ok(Step::Event(0, Event::Nil(answer)));
        }
        let (len, calls, tokens, saved) = match self.scanner.scan(input, &mut self.received)? {
            Scan::More { discard } => return Ok(Step::More(discard)),
            Scan::Refused { discard, refusal, head } => {
                let answer = self.expecting.take().or_else(|| head.and_then(answer_of));
                return Ok(Step::Event(discard, Event::Refused(answer, refusal)));
            }
            Scan::Object { len, calls, tokens, saved_tokens, .. } => {
                (len, calls, tokens, saved_tokens > 0)
            }
        };
        let object = Decoder::new(&input[..len], &self.received, self.text, imports);
        if tokens > 0 || saved {
            object.each_token(|token| imports.count(token, saved));
        }
        Ok(Step::Event(len, self.event(&input[..len], calls, imports)))
    }

    /// Whether the peer is in the middle of an object of which nothing is kept.
    pub(crate) fn is_within_object(&self) -> bool {
        self.scanner.is_within_object()
    }

    fn event<'a>(
        &'a mut self,
        object: &'a [u8],
        calls: u32,
        imports: &'a dyn Imports,
    ) -> Event<'a> {
        let head = Head::read(object, &self.received);
        if let Head::Funcall { function, argc, args } = &head {
            if let Some(builtin) = known(&mut self.known, function, &self.received) {
                return self.builtin(builtin, usize::from(*argc), args, object, calls, imports);
            }
        }
        let values = |octets| Decoder::new(octets, &self.received, self.text, imports);
        match head {
            Head::Funcall { function, argc, args } => {
                let answer = self.expecting.take();
                if calls > 1 {
                    return nested(values(object), &self.received, answer);
                }
                let function = FunctionName { at: function, received: &self.received };
                let count = usize::from(argc);
                Event::Call(IncomingCall { function, arguments: values(args), count, answer })
            }
            Head::Call { want, id, function, argc, args } => {
                let answer = Want::from_code(want).map(|want| Answer::Compact { id, want });
                if calls > 1 {
                    return nested(values(object), &self.received, answer);
                }
                let function = FunctionName { at: function, received: &self.received };
                let count = usize::from(argc);
                Event::Call(IncomingCall { function, arguments: values(args), count, answer })
            }
            Head::Return { id, n, values: octets } => {
                Event::Returned(id, Values::new(values(octets), usize::from(n), false))
            }
            Head::Unwound { id, reason } => Event::Unwound(id, Some(values(reason))),
            Head::Release { object, count } => Event::Release(object, count),
            Head::Cancel { id } => Event::Cancel(id),
            Head::Ping { cookie } => Event::Ping(cookie),
            Head::Pong { cookie } => Event::Pong(cookie),
            Head::Goodbye { reason } => {
                let said = values(reason).string();
                Event::Goodbye(said.map(Into::into).unwrap_or_default())
            }
            Head::Object(_) => match self.expecting.take() {
                Some(answer) => Event::Object(answer, values(object)),
                None => hello(values(object)).map_or(Event::Idle, Event::Hello),
            },
        }
    }

    /// A call of the protocol itself.
    fn builtin<'a>(
        &'a mut self,
        builtin: Builtin,
        count: usize,
        args: &'a [u8],
        object: &'a [u8],
        calls: u32,
        imports: &'a dyn Imports,
    ) -> Event<'a> {
        let mut arguments = Decoder::new(args, &self.received, self.text, imports);
        if calls > 1 && !matches!(builtin, Builtin::Do(_)) {
            // CMUCL could not send a value, and wrote something else in its place.
            let object = Decoder::new(object, &self.received, self.text, imports);
            return nested(object, &self.received, self.expecting.take());
        }
        let token = if count > 0 { arguments.token().ok() } else { None };
        let Some(token) = token else {
            return Event::Refused(self.expecting.take(), Refusal::NoToken);
        };
        match builtin {
            Builtin::Do(code) => {
                let want = Want::from_code(code).unwrap_or(Want::All);
                let first = self.expecting.replace(Answer::Classic { token, want });
                match first {
                    Some(first) => Event::Refused(Some(first), Refusal::DoTwice),
                    None => Event::Expecting,
                }
            }
            _ if !token.is_local() => {
                // Not ours to end. What waits for its value learns that it was refused.
                Event::Refused(self.expecting.take(), Refusal::NoToken)
            }
            Builtin::Return(_) => {
                self.owed = self.expecting.take();
                Event::Returned(token.id(), Values::new(arguments, count - 1, true))
            }
            Builtin::Abort => {
                self.owed = self.expecting.take();
                Event::Unwound(token.id(), None)
            }
        }
    }
}

/// A call tree, or why it is not run.
fn nested<'a>(object: Decoder<'_>, received: &Received, answer: Option<Answer>) -> Event<'a> {
    match Plan::read(object, received, answer) {
        Ok(plan) => Event::Nested(plan),
        Err(Unplanned { refusal, aborted }) => match aborted {
            // The token in the arguments gets the abort; the tree's own caller got none to wait by,
            // or waits for what will not come.
            Some(token) if answer.is_none() => {
                let inner = Answer::Classic { token, want: Want::Values(1) };
                Event::Refused(Some(inner), refusal)
            }
            _ => Event::Refused(answer, refusal),
        },
    }
}

/// Whether a function is one of the protocol's own. After its first use a cached name is not
/// compared any more.
fn known(
    known: &mut Vec<Known>,
    function: &FunctionRef<'_>,
    received: &Received,
) -> Option<Builtin> {
    let named = |symbol: &crate::codec::SymbolRef<'_>| Builtin::named(&symbol.name, &symbol.package);
    let index = match function {
        FunctionRef::Index(index) => *index,
        FunctionRef::Named(symbol) => return named(symbol),
        _ => return None,
    };
    let place = index as usize;
    if place >= known.len() {
        known.resize(place + 1, Known::NotYet);
    }
    if matches!(known[place], Known::NotYet) {
        let builtin = received.symbol(index).as_ref().and_then(named);
        known[place] = builtin.map_or(Known::Other, Known::Builtin);
    }
    match known[place] {
        Known::Builtin(builtin) => Some(builtin),
        _ => None,
    }
}

/// Who waits for a compact call that was refused.
fn answer_of(head: CallHead) -> Option<Answer> {
    Want::from_code(head.want).map(|want| Answer::Compact { id: head.id, want })
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
