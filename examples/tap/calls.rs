//! The calls of a conversation that wait for their answers.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::time::{Duration, Instant};

use wire::Token;

use super::page::Side;

/// How many values a call wants.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Want {
    Values(u8),
    All,
}

/// What an answer names its call by.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Key {
    /// In the classic dialect.
    Token(Token),
    /// In the extended one.
    Id(u32),
}

/// A call that waits for its answer.
pub(crate) struct Call {
    number: u64,
    /// As it is repeated with the answer.
    form: String,
    pub(crate) want: Want,
    since: Instant,
}

/// The calls that wait, and the last number that one was given.
pub(crate) struct Calls {
    last: u64,
    most: usize,
    of_left: Waiting,
    of_right: Waiting,
}

/// The calls of one side, by number and by key. Each key leads to a call, and each call has one.
#[derive(Default)]
struct Waiting {
    numbers: HashMap<Key, u64>,
    calls: BTreeMap<u64, (Key, Call)>,
}

impl Want {
    /// What the octet of a compact call means; `None` for no values.
    pub(crate) fn of_code(code: u8) -> Option<Self> {
        match code {
            0 => None,
            n @ 1..=5 => Some(Self::Values(n)),
            _ => Some(Self::All),
        }
    }
}

impl Calls {
    /// None. Of more than `most` on one side the oldest are forgotten.
    pub(crate) fn new(most: usize) -> Self {
        Self { last: 0, most, of_left: Waiting::default(), of_right: Waiting::default() }
    }

    /// A call of `side` waits since then. Gives its number.
    pub(crate) fn wait(
        &mut self,
        side: Side,
        (key, want): (Key, Want),
        form: String,
        since: Instant,
    ) -> u64 {
        self.last += 1;
        let (number, most) = (self.last, self.most);
        let waiting = self.of(side);
        waiting.forget(key);
        if waiting.calls.len() >= most {
            if let Some((_, (key, _))) = waiting.calls.pop_first() {
                waiting.numbers.remove(&key);
            }
        }
        waiting.numbers.insert(key, number);
        waiting.calls.insert(number, (key, Call { number, form, want, since }));
        number
    }

    /// The call of `side` that an answer is for; it waits no more.
    pub(crate) fn answered(&mut self, side: Side, key: Key) -> Option<Call> {
        self.of(side).forget(key)
    }

    /// A call of `side` that still waits.
    pub(crate) fn waiting(&mut self, side: Side, key: Key) -> Option<&Call> {
        let waiting = self.of(side);
        let number = waiting.numbers.get(&key)?;
        waiting.calls.get(number).map(|(_, call)| call)
    }

    /// Those of `side` that were not answered, in the order of the calls.
    pub(crate) fn unanswered(&self, side: Side) -> impl ExactSizeIterator<Item = &Call> {
        let waiting = match side {
            Side::Left => &self.of_left,
            Side::Right => &self.of_right,
        };
        waiting.calls.values().map(|(_, call)| call)
    }

    fn of(&mut self, side: Side) -> &mut Waiting {
        match side {
            Side::Left => &mut self.of_left,
            Side::Right => &mut self.of_right,
        }
    }
}

impl Waiting {
    fn forget(&mut self, key: Key) -> Option<Call> {
        let number = self.numbers.remove(&key)?;
        self.calls.remove(&number).map(|(_, call)| call)
    }
}

impl Call {
    /// How long it had waited then, for people.
    pub(crate) fn waited(&self, until: Instant) -> String {
        let waited = until.duration_since(self.since);
        let milliseconds = waited.as_secs_f64() * 1e3;
        if waited < Duration::from_micros(100) {
            format!("{} µs", waited.as_micros())
        } else if waited < Duration::from_secs(1) {
            format!("{milliseconds:.1} ms")
        } else {
            format!("{:.1} s", waited.as_secs_f64())
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{} {}", self.number, self.form)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(token) => write!(f, "#<remote {token}>"),
            Self::Id(id) => write!(f, "call {id}"),
        }
    }
}

/// As it follows a call; one value goes without saying.
impl fmt::Display for Want {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Values(1) => Ok(()),
            Self::Values(n) => write!(f, "  wants {n} values"),
            Self::All => f.write_str("  wants all values"),
        }
    }
}
