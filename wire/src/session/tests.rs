//! Two sessions and the bytes between them, without a socket, a clock or a task.

mod conversation;
mod data;
mod large;
mod meaning;
mod nested;
mod random;
mod small;

use std::cell::RefCell;
use std::sync::Arc;

use bytes::{Buf, BytesMut};

use crate::codec::{Ahead, Name, Pieces, ProtocolError, Text, Tokens};
use crate::convert::{FromWire, ToWire};
use crate::limits::Limits;
use crate::object::Remote;
use crate::session::{
    Answer, Call, Event, Imports, Inbound, LeftoverCalls, Outbound, Plan, SendError, SmallEvent,
    Step, Taken, Unwound, Values, Want,
};
use crate::token::Token;
use crate::value::Value;

/// One end: what a wire's handle and task are made of, driven by hand.
pub(super) struct Side {
    pub(super) out: Outbound<&'static str>,
    inbound: Inbound,
    /// Octets that came and were not used up.
    kept: BytesMut,
    /// Whether small objects go the long way too.
    pub(super) long_way: bool,
    /// Tokens that were counted, and whether they stood in something saved.
    pub(super) counted: Counted,
}

#[derive(Default)]
pub(super) struct Counted(pub(super) RefCell<Vec<(Token, bool)>>);

impl Tokens for Counted {
    fn received(&self, token: Token) -> Remote {
        Remote::with_hold(token, None)
    }
}

impl Imports for Counted {
    fn tokens(&self) -> &dyn Tokens {
        self
    }

    fn count(&self, token: Token, saved: bool) {
        self.0.borrow_mut().push((token, saved));
    }
}

/// An event, with what it borrowed read.
#[derive(Debug, PartialEq)]
pub(super) enum Seen {
    Call {
        name: String,
        arguments: Vec<Value>,
        answer: Option<Answer>,
    },
    /// How many calls, and whom the top one answers.
    Nested(usize, Option<Answer>),
    Object(Answer, Value),
    Nil(Answer),
    Expecting,
    /// What was left at the call of ours, and its values.
    Returned(&'static str, Vec<Value>),
    Unwound(&'static str, bool),
    /// An answer to a call that has ended, or (`true`) that was never made.
    Unasked(u32, bool),
    Refused(Option<Answer>, String),
    Hello,
    Release(u32, u32),
    Cancel(u32),
    Ping(u32),
    Pong,
    Goodbye(String),
    Idle,
}

impl Side {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            out: Outbound::new(&Arc::new(limits.clone()), Text::Utf8),
            inbound: Inbound::new(limits, Text::Utf8),
            kept: BytesMut::new(),
            long_way: false,
            counted: Counted::default(),
        }
    }

    /// All that was appended since this was last asked.
    pub(super) fn output(&mut self) -> Vec<u8> {
        let mut taken = Pieces::default();
        self.out.take_output(&mut taken);
        self.out.accepted(taken.len());
        taken.iter().flatten().copied().collect()
    }

    /// What a piece of the other side's output means.
    pub(super) fn feed(&mut self, piece: &[u8]) -> Result<Vec<Seen>, ProtocolError> {
        self.feed_with(piece, |_, _| {})
    }

    /// The same, where call trees go to `planned` before they are counted.
    pub(super) fn feed_with(
        &mut self,
        piece: &[u8],
        mut planned: impl FnMut(&mut Outbound<&'static str>, Plan),
    ) -> Result<Vec<Seen>, ProtocolError> {
        self.kept.extend_from_slice(piece);
        let mut all = Vec::new();
        loop {
            let mut ahead = Ahead::new();
            let handle = |event: SmallEvent<'_>| {
                let event = match event {
                    SmallEvent::Call(call) => Event::Call(call.into()),
                    SmallEvent::Returned(id, values) => Event::Returned(id, values),
                };
                all.push(seen(event, &mut self.out, &mut planned));
            };
            let small = if self.long_way {
                None
            } else {
                self.inbound.small(&self.kept, &mut ahead, &self.counted, handle)
            };
            if let Some(used) = small {
                self.kept.advance(used);
                continue;
            }
            let mut apart = None;
            match self.inbound.next(&mut self.kept, &mut apart, &self.counted)? {
                Step::More(used) => {
                    self.kept.advance(used);
                    return Ok(all);
                }
                Step::Event(used, event) => {
                    all.push(seen(event, &mut self.out, &mut planned));
                    self.kept.advance(used);
                }
            }
        }
    }

    pub(super) fn call(
        &mut self,
        name: &str,
        arguments: &[&dyn ToWire],
        want: Want,
        waiter: &'static str,
    ) -> Result<u32, SendError> {
        let name = Name::Dynamic { name, package: "COMMON-LISP-USER" };
        self.out.call(&Call::new(name, arguments), want, LeftoverCalls::Refused, waiter)
    }

    pub(super) fn notify(&mut self, name: &str, arguments: &[&dyn ToWire]) {
        let name = Name::Dynamic { name, package: "COMMON-LISP-USER" };
        self.out.notify(&[Call::new(name, arguments)], LeftoverCalls::Refused).unwrap();
    }

    pub(super) fn abort(&mut self, answer: Answer) {
        self.out.unwound(answer, Some(&Unwound::new("TEST", "unwound"))).unwrap();
    }
}

fn seen(
    event: Event<'_>,
    out: &mut Outbound<&'static str>,
    planned: &mut impl FnMut(&mut Outbound<&'static str>, Plan),
) -> Seen {
    match event {
        Event::Call(mut call) => {
            let name = call.function.symbol().map(|s| s.name.into_owned()).unwrap_or_default();
            let arguments = &mut call.arguments;
            let arguments = (0..call.count).map(|_| Value::from_wire(arguments));
            let arguments = arguments.collect::<Result<_, _>>().unwrap_or_default();
            Seen::Call { name, arguments, answer: call.answer }
        }
        Event::Nested(plan) => {
            let (calls, answer) = (plan.calls.len(), plan.answer);
            planned(out, plan);
            Seen::Nested(calls, answer)
        }
        Event::Object(answer, mut object) => {
            Seen::Object(answer, Value::from_wire(&mut object).unwrap_or_default())
        }
        Event::Nil(answer) => Seen::Nil(answer),
        Event::Expecting => Seen::Expecting,
        Event::Returned(id, values) => match out.take_wait(id) {
            Taken::Waiting(entry) => Seen::Returned(entry.waiter, read(values)),
            taken => Seen::Unasked(id, matches!(taken, Taken::NeverIssued)),
        },
        Event::Unwound(id, reason) => match out.take_wait(id) {
            Taken::Waiting(entry) => Seen::Unwound(entry.waiter, reason.is_some()),
            taken => Seen::Unasked(id, matches!(taken, Taken::NeverIssued)),
        },
        Event::Unanswered(id, _) => match out.take_wait(id) {
            Taken::Waiting(entry) => Seen::Unwound(entry.waiter, true),
            taken => Seen::Unasked(id, matches!(taken, Taken::NeverIssued)),
        },
        Event::Refused(answer, refusal, _) => Seen::Refused(answer, refusal.to_string()),
        Event::Hello(hello) => {
            out.heard(&hello);
            Seen::Hello
        }
        Event::Release(id, count) => Seen::Release(id, count),
        Event::Cancel(id) => Seen::Cancel(id),
        Event::Ping(cookie) => Seen::Ping(cookie),
        Event::Pong => Seen::Pong,
        Event::Goodbye(reason) => Seen::Goodbye(reason),
        Event::Idle => Seen::Idle,
    }
}

fn read(values: Values<'_>) -> Vec<Value> {
    values.read(false, <Vec<Value> as crate::convert::FromValues>::from_values).unwrap_or_default()
}

/// Two sides, classic or extended from the start.
pub(super) fn pair(extended: bool) -> (Side, Side) {
    let limits = Limits::default();
    let (mut one, mut other) = (Side::new(&limits), Side::new(&limits));
    if extended {
        let hello = crate::codec::Hello::new(crate::codec::Reads::ALL, &limits);
        one.out.heard(&hello);
        other.out.heard(&hello);
    }
    (one, other)
}
