//! Why a text is not Lisp.

/// Why a text could not be read.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{kind}, at octet {at} of the text")]
#[non_exhaustive]
pub struct ReadError {
    /// Where in the text, in octets.
    pub at: usize,
    /// What is wrong there.
    pub kind: ReadErrorKind,
}

/// What is wrong with a text that could not be read.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadErrorKind {
    /// The text ends inside of a form.
    #[error("the text ends before the form that began at octet {began} does")]
    Unfinished {
        /// Where that form begins.
        began: usize,
    },
    /// A parenthesis closes nothing.
    #[error("the parenthesis closes nothing")]
    Close,
    /// A dot does not stand between an element and the one form after it.
    #[error("the dot is out of place: it stands between an element and the last form of a list")]
    Dot,
    /// A quote, a comma or the like has nothing to its right.
    #[error("`{0}` has nothing to its right")]
    Lone(&'static str),
    /// A symbol has too many colons, or nothing after them.
    #[error("a symbol is written NAME, :NAME or PACKAGE::NAME")]
    Colon,
    /// A number whose denominator is zero.
    #[error("the ratio `{0}` divides by zero")]
    ZeroDenominator(String),
    /// A float that no double holds.
    #[error("the float `{0}` is beyond what a double holds")]
    FloatRange(String),
    /// A `#\` with a name that no character has.
    #[error("no character is named `{0}`")]
    Character(String),
    /// `#x`, `#o` or `#b` without digits of that base.
    #[error("`{0}` is no integer of its base")]
    Digits(String),
    /// Syntax of the Lisp reader that is not read here.
    #[error("`{0}` is not read here")]
    Unsupported(String),
    /// Deeper than [`MAX_DEPTH`](super::MAX_DEPTH).
    #[error("forms nest deeper than {limit}")]
    Depth {
        /// The limit.
        limit: usize,
    },
    /// Longer than [`MAX_OCTETS`](super::MAX_OCTETS).
    #[error("the text has {octets} octets, and {limit} are read")]
    Size {
        /// What it has.
        octets: usize,
        /// The limit.
        limit: usize,
    },
}

impl ReadErrorKind {
    pub(super) fn at(self, at: usize) -> ReadError {
        ReadError { at, kind: self }
    }
}

impl ReadError {
    /// Whether more text might make a form of this: a terminal may ask for another line.
    pub fn is_unfinished(&self) -> bool {
        matches!(self.kind, ReadErrorKind::Unfinished { .. })
    }

    /// The name of Lisp's condition for it: `END-OF-FILE` or `READER-ERROR`.
    pub fn condition(&self) -> &'static str {
        if self.is_unfinished() { "END-OF-FILE" } else { "READER-ERROR" }
    }
}
