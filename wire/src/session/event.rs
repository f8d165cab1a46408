//! What one object of the peer means.

use std::fmt;

use crate::codec::{Decoder, FunctionRef, Hello, Received, Refusal, SymbolRef, WrongType};
use crate::convert::ValuesDecoder;
use crate::session::answer::Answer;
use crate::session::plan::Plan;

/// What [`Inbound::next`](crate::session::Inbound::next) found at the front of its input.
#[derive(Debug)]
pub(crate) enum Step<'a> {
    /// No whole object. That many octets at the front were used up; the rest must stay.
    More(usize),
    /// One event. That many octets at the front belong to it, and go when it was handled.
    Event(usize, Event<'a>),
}

/// A call or an answer that brings numbers and strings only: what most streams consist of.
#[derive(Debug)]
pub(crate) enum SmallEvent<'a> {
    Call(SmallCall<'a>),
    Returned(u32, Values<'a>),
}

/// What an object asks of us. Values are still octets.
#[derive(Debug)]
pub(crate) enum Event<'a> {
    /// A call whose arguments hold no calls.
    Call(IncomingCall<'a>),
    /// A call with calls among its arguments, copied out because it may take longer than the read.
    Nested(Plan),
    /// A value was asked for and the object is not a call: it is its own value.
    Object(Answer, Decoder<'a>),
    /// A protocol call stood where a value was asked for: its value is NIL.
    Nil(Answer),
    /// A value was asked for and its call has begun to be read; nothing to do.
    Expecting,
    /// An answer to the call with that id.
    Returned(u32, Values<'a>),
    /// The peer unwound past our call, and says why if it can.
    Unwound(u32, Option<Decoder<'a>>),
    /// The answer to the call with that id was refused, so that it brings no value.
    Unanswered(u32, Refusal),
    /// An object was refused; whoever waits for its value must be told. If it was a call, of this
    /// function, as far as that was read.
    Refused(Option<Answer>, Refusal, Option<SymbolRef<'static>>),
    /// The peer tells what it reads.
    Hello(Hello),
    /// The peer dropped its handles of our object, which it had received so many times.
    Release(u32, u32),
    /// The peer gave up that call of its own.
    Cancel(u32),
    /// The peer wants to know whether we live.
    Ping(u32),
    /// We asked whether the peer lives, and it does.
    Pong,
    /// The peer ends the wire on purpose, and says why.
    Goodbye(String),
    /// An object without any effect, such as a number to keep a classic peer awake.
    Idle,
}

/// The values of an answer, still octets.
#[derive(Debug)]
pub(crate) struct Values<'a> {
    objects: Decoder<'a>,
    count: usize,
    /// Whether all values, if all were asked for, stand in one list.
    classic: bool,
}

impl<'a> Values<'a> {
    pub(crate) fn new(objects: Decoder<'a>, count: usize, classic: bool) -> Self {
        Self { objects, count, classic }
    }

    /// Has `read` read the values; `all` says that all were asked for.
    pub(crate) fn read<T>(
        mut self,
        all: bool,
        read: impl FnOnce(&mut ValuesDecoder<'_, 'a>) -> Result<T, WrongType>,
    ) -> Result<T, WrongType> {
        if all && self.classic {
            return read(&mut ValuesDecoder::list(&mut self.objects)?);
        }
        read(&mut ValuesDecoder::objects(&mut self.objects, self.count))
    }
}

/// One call to run.
#[derive(Debug)]
pub(crate) struct IncomingCall<'a> {
    pub(crate) function: FunctionName<'a>,
    pub(crate) arguments: Decoder<'a>,
    pub(crate) count: usize,
    pub(crate) answer: Option<Answer>,
}

/// One call whose function was saved at `index`.
#[derive(Debug)]
pub(crate) struct SmallCall<'a> {
    pub(crate) index: u32,
    pub(crate) received: &'a Received,
    pub(crate) arguments: Decoder<'a>,
    pub(crate) count: usize,
    pub(crate) answer: Option<Answer>,
}

impl<'a> From<SmallCall<'a>> for IncomingCall<'a> {
    fn from(small: SmallCall<'a>) -> Self {
        let SmallCall { index, received, arguments, count, answer } = small;
        let function = FunctionName { at: FunctionRef::Index(index), received };
        Self { function, arguments, count, answer }
    }
}

/// A function as the peer names it: by a symbol, or by the place of one in the cache.
#[derive(Clone, Debug)]
pub(crate) struct FunctionName<'a> {
    pub(crate) at: FunctionRef<'a>,
    pub(crate) received: &'a Received,
}

impl<'a> FunctionName<'a> {
    /// The place in the cache, by which the layer above remembers what it found under the name.
    pub(crate) fn index(&self) -> Option<u32> {
        match self.at {
            FunctionRef::Index(index) => Some(index),
            _ => None,
        }
    }

    /// The symbol; `None` if it is not text.
    pub(crate) fn symbol(&self) -> Option<SymbolRef<'a>> {
        self.at.symbol(self.received)
    }
}

impl fmt::Display for FunctionName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.symbol() {
            Some(symbol) => write!(f, "{symbol}"),
            None => write!(f, "a function whose name is not text"),
        }
    }
}
