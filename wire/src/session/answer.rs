//! Whom an answer goes to, and how many values it brings.

use crate::token::Token;

/// How many values a caller takes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Want {
    /// Exactly so many, 1 to 5: missing ones are NIL, extra ones are dropped.
    Values(u8),
    /// All there are, which the classic dialect carries as one list.
    All,
}

impl Want {
    /// What a caller with `count` variables asks for; of none it does not ask.
    pub(crate) fn of(count: usize) -> Self {
        match u8::try_from(count) {
            Ok(n @ 1..=5) => Self::Values(n),
            _ => Self::All,
        }
    }

    /// As the compact call writes it: 6 means all.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Values(n) => n,
            Self::All => 6,
        }
    }

    /// What the compact call's octet says; `None` for no answer at all.
    pub(crate) fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => None,
            n @ 1..=5 => Some(Self::Values(n)),
            _ => Some(Self::All),
        }
    }
}

/// Where the answer to one of the peer's calls goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Answer {
    /// To a token, by `RETURN-n-VALUES`: the call was `DO-n-VALUE-CALL` and its form.
    Classic {
        /// The peer's wait.
        token: Token,
        /// How many values it takes.
        want: Want,
    },
    /// To a number, by the compact return.
    Compact {
        /// The peer's wait.
        id: u32,
        /// How many values it takes.
        want: Want,
    },
}
