//! What became of one item.

use serde::{Deserialize, Serialize};

use crate::job::Hint;

/// What became of one item of a [`Map`](crate::Map).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Outcome {
    /// The function returned this, as its partner's Lisp prints it.
    Finished(String),
    /// The function ended without a value for this item: an error of its own, or a limit.
    Unwound(Hint),
    /// No partner was there to say: whether the function ran for this item is not known.
    Lost(String),
}

impl Outcome {
    /// The value, if there is one.
    pub fn value(&self) -> Option<&str> {
        match self {
            Self::Finished(value) => Some(value),
            Self::Unwound(_) | Self::Lost(_) => None,
        }
    }
}
