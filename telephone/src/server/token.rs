//! The token that callers show.

use subtle::ConstantTimeEq;

use super::ServerError;

/// What whoever asks has to know.
pub(super) struct Token(String);

impl Token {
    pub(super) fn new(text: String) -> Result<Self, ServerError> {
        let fits = !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_graphic());
        if fits { Ok(Self(text)) } else { Err(ServerError::Token) }
    }

    /// Whether this is it. The time it takes tells the length of the right one and no more.
    pub(super) fn is(&self, given: &str) -> bool {
        self.0.as_bytes().ct_eq(given.as_bytes()).into()
    }
}
