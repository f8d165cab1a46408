//! What can go wrong between here and a partner.

use std::time::Duration;

use thiserror::Error;

/// A question to a partner that has no answer: which partner, and why.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{partner}: {failure}")]
pub struct PartnerError {
    partner: Box<str>,
    failure: Box<Failure>,
}

impl PartnerError {
    pub(super) fn new(partner: impl Into<Box<str>>, failure: Failure) -> Self {
        Self { partner: partner.into(), failure: Box::new(failure) }
    }

    /// Which partner: its name and address, or what was given as one.
    pub fn partner(&self) -> &str {
        &self.partner
    }

    /// Why.
    pub fn failure(&self) -> &Failure {
        &self.failure
    }
}

/// Why a question to a partner has no answer.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum Failure {
    /// What was given as an address is none. The caller's fault.
    #[error("an address is http://HOST:PORT, https://HOST:PORT or wire://HOST:PORT: {why}")]
    Address {
        /// What is wrong with it.
        why: String,
    },
    /// Nobody could be reached there; nothing was sent.
    #[error("nobody answers: {why}; is `telephone serve` running there?")]
    Unreachable {
        /// As the system says it.
        why: String,
    },
    /// The question was sent, and no answer came back whole. What was asked for may have been done.
    #[error("the answer was lost: {why}; whether it was heard, only the partner knows")]
    Lost {
        /// What happened to the connection.
        why: String,
    },
    /// The partner wants a token, or another one than it was shown.
    #[error(
        "it wants a token, and not the one it was shown, if any: give the one it was started with"
    )]
    Unauthorized,
    /// The partner refuses to be asked from here, or by this name.
    #[error("it refuses: {detail}")]
    Forbidden {
        /// What the partner says.
        detail: String,
    },
    /// The queue is full, or too much was asked in too short a time. Ask again later.
    #[error("it is busy: {detail}{}", later(*.retry_after))]
    Busy {
        /// When to ask again, if it says so.
        retry_after: Option<Duration>,
        /// What the partner says.
        detail: String,
    },
    /// The key names another command there.
    #[error("the key was used for another command: {detail}")]
    KeyReused {
        /// What the partner says.
        detail: String,
    },
    /// The command is longer than the partner takes.
    #[error("the command is too long: {detail}")]
    TooLong {
        /// What the partner says.
        detail: String,
    },
    /// There is no such command, or not any more.
    #[error("it knows no command of that id")]
    NoSuchJob,
    /// The partner refused for a reason of its own.
    #[error("it answered {status} {title}: {detail}")]
    Refused {
        /// The status of its answer.
        status: u16,
        /// In a few words.
        title: String,
        /// What happened.
        detail: String,
    },
    /// What came back is no answer to the question: there may be something else at this address.
    #[error("what it answers is not telephone's: {why}; is the address right?")]
    Misspoken {
        /// What is wrong with it.
        why: String,
    },
    /// The answer is larger than is taken from a partner.
    #[error(
        "its answer is larger than {limit} octets, the most that is taken; ask for less at once"
    )]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// The partner has no means to do it.
    #[error("it has only the two endpoints of the original, which cannot {what}")]
    Unsupported {
        /// What it cannot do.
        what: &'static str,
    },
}

impl Failure {
    /// Whether the question may have been heard, so that asking again could do it twice.
    pub fn may_have_been_heard(&self) -> bool {
        matches!(self, Self::Lost { .. } | Self::Misspoken { .. } | Self::TooLarge { .. })
    }

    /// Whether another partner, or this one later, may well answer.
    pub fn is_of_the_moment(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Lost { .. } | Self::Busy { .. })
    }
}

fn later(after: Option<Duration>) -> String {
    after.map_or_else(String::new, |after| format!("; ask again in {} s", after.as_secs()))
}
