//! `Problem`: an error as HTTP carries it.

use serde::{Deserialize, Serialize};

/// What went wrong, as RFC 9457 writes it down.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, utoipa::ToSchema)]
#[non_exhaustive]
pub struct Problem {
    /// What kind of problem: `about:blank` where the status says it all.
    #[serde(rename = "type", default = "blank")]
    pub kind: String,
    /// In a few words; the same for all of its kind.
    #[serde(default)]
    pub title: String,
    /// The status of the answer.
    pub status: u16,
    /// What happened here, and what to do.
    #[serde(default)]
    pub detail: String,
}

impl Problem {
    /// A problem of no further kind than its status.
    pub fn new(status: u16, title: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { kind: blank(), title: title.into(), status, detail: detail.into() }
    }
}

fn blank() -> String {
    "about:blank".to_owned()
}
