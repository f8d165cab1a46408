//! Why a text is not a value.

/// Why a text could not be read as a Lisp value.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{kind} at octet {at} of the text")]
#[non_exhaustive]
pub struct ReadError {
    /// Where in the text, in octets.
    pub at: usize,
    /// What is wrong there.
    pub kind: ReadErrorKind,
}

/// What is wrong with a text that could not be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadErrorKind {
    /// The text ends before the value does.
    #[error("the value is unfinished")]
    Unfinished,
    /// Something follows the value.
    #[error("something follows the value")]
    Trailing,
    /// A parenthesis closes nothing.
    #[error("the parenthesis closes nothing")]
    Close,
    /// A dot does not stand between an element and the one value after it.
    #[error("the dot is out of place")]
    Dot,
    /// A symbol has too many colons, or nothing after them.
    #[error("a symbol is written NAME, :NAME or PACKAGE::NAME")]
    Colon,
    /// A ratio, which no value holds.
    #[error("ratios are not supported")]
    Ratio,
    /// A float that is too large for its type.
    #[error("the float is out of range")]
    FloatRange,
    /// Something else than pairs of hexadecimal digits in `#{..}`.
    #[error("octets are written as pairs of hexadecimal digits")]
    Octets,
    /// Syntax of the Lisp reader that is not read here.
    #[error("`{0}` is not supported")]
    Unsupported(char),
    /// A value that is no symbol where one is wanted.
    #[error("this is not a symbol")]
    NotASymbol,
}

impl ReadErrorKind {
    pub(in crate::value) fn at(self, at: usize) -> ReadError {
        ReadError { at, kind: self }
    }
}
