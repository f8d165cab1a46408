//! Whom an answer goes to, how many values it brings, and how it is written.

use crate::codec::{Encoder, Name, Unsendable};
use crate::convert::ToWire;
use crate::session::builtin;
use crate::session::call::Place;
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

impl Answer {
    /// The answer that a compact call asks for by its octet; `None` if it asks for none.
    #[inline]
    pub(crate) fn compact(code: u8, id: u32) -> Option<Self> {
        Want::from_code(code).map(|want| Self::Compact { id, want })
    }
}

/// The answer that a caller of either dialect waits for.
pub(super) fn write_answer(
    out: &mut Encoder<'_>,
    place: &mut Place,
    to: Answer,
    values: &dyn ToWire,
) -> Result<(), Unsendable> {
    let count = values.values_len();
    let mut value = |out: &mut Encoder<'_>, index| {
        place.argument = Some(index);
        if index < count { values.value_to_wire(index, out) } else { out.nil() }
    };
    match to {
        Answer::Compact { id, want } => {
            let n = match want {
                Want::Values(n) => count.min(usize::from(n)),
                Want::All => count,
            };
            out.return_(id, n)?;
            (0..n).try_for_each(|index| value(out, index))
        }
        Answer::Classic { token, want: Want::Values(n) } => {
            out.answer(Name::Site(builtin::return_site(n)), usize::from(n) + 1)?;
            out.token(token)?;
            (0..usize::from(n)).try_for_each(|index| value(out, index))
        }
        Answer::Classic { token, want: Want::All } => {
            out.answer(Name::Site(builtin::return_site(Want::All.code())), 2)?;
            out.token(token)?;
            let mut list = out.list(count)?;
            (0..count).try_for_each(|index| value(list.element()?, index))?;
            list.end()
        }
    }
}

/// A value that is octets already.
pub(super) struct Spliced<'a>(pub(super) &'a [u8]);

impl ToWire for Spliced<'_> {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        out.splice(self.0)
    }
}
