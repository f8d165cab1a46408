//! What a partner answered, read within bounds.

use std::error::Error;
use std::time::Duration;

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{RequestBuilder, Response, StatusCode};
use serde::de::DeserializeOwned;

use super::Failure;
use crate::api::{PROBLEM_TYPE, Problem};

/// An answer that came back whole.
pub(in crate::partner) struct Heard {
    status: StatusCode,
    content_type: String,
    retry_after: Option<Duration>,
    body: Vec<u8>,
}

/// Sends a request and reads its answer.
pub(in crate::partner) async fn heard(request: RequestBuilder) -> Result<Heard, Failure> {
    let response = request.send().await.map_err(|error| failure(&error))?;
    Heard::of(response).await
}

impl Heard {
    pub(super) async fn of(mut response: Response) -> Result<Self, Failure> {
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        let content_type = header(CONTENT_TYPE).unwrap_or_default().to_owned();
        let seconds = header(RETRY_AFTER).and_then(|seconds| seconds.parse().ok());
        let mut body = Vec::new();
        while let Some(octets) = response.chunk().await.map_err(|error| failure(&error))? {
            if body.len() + octets.len() > MAX_ANSWER {
                return Err(Failure::TooLarge { limit: MAX_ANSWER });
            }
            body.extend_from_slice(&octets);
        }
        let retry_after = seconds.map(Duration::from_secs);
        Ok(Self { status: response.status(), content_type, retry_after, body })
    }

    /// Whether there is no such place: a server of the JSON API says in its own way that there is
    /// no such command.
    pub(in crate::partner) fn is_nowhere(&self) -> bool {
        matches!(self.status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED)
            && !self.content_type.starts_with(PROBLEM_TYPE)
    }

    /// What it says; `None` if there is nothing there.
    pub(super) fn value<T: DeserializeOwned>(self) -> Result<Option<T>, Failure> {
        if self.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        if !self.status.is_success() {
            return Err(self.refusal());
        }
        match serde_json::from_slice(&self.body) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(Failure::Misspoken { why: error.to_string() }),
        }
    }

    /// The text of an answer of the original.
    pub(in crate::partner) fn text(self) -> Result<String, Failure> {
        if !self.status.is_success() {
            return Err(self.refusal());
        }
        String::from_utf8(self.body)
            .map_err(|_| Failure::Misspoken { why: "it is not UTF-8".to_owned() })
    }

    fn refusal(self) -> Failure {
        let (title, detail) = match serde_json::from_slice::<Problem>(&self.body) {
            Ok(problem) => (problem.title, problem.detail),
            Err(_) => (self.status.canonical_reason().unwrap_or_default().to_owned(), self.shown()),
        };
        match self.status.as_u16() {
            401 => Failure::Unauthorized,
            403 | 421 => Failure::Forbidden { detail },
            413 => Failure::TooLong { detail },
            422 => Failure::KeyReused { detail },
            429 | 503 => Failure::Busy { retry_after: self.retry_after, detail },
            status => Failure::Refused { status, title, detail },
        }
    }

    /// The beginning of a body that is not of the API, as an error may show it.
    fn shown(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        text.chars().filter(|c| !c.is_control()).take(SHOWN).collect()
    }
}

/// What an error of the client means.
pub(in crate::partner) fn failure(error: &reqwest::Error) -> Failure {
    let why = if error.is_timeout() { "it took too long".to_owned() } else { root(error) };
    if error.is_connect() { Failure::Unreachable { why } } else { Failure::Lost { why } }
}

/// The error at the bottom, which says what the system said.
pub(super) fn root(error: &dyn Error) -> String {
    let mut root = error;
    while let Some(source) = root.source() {
        root = source;
    }
    root.to_string()
}

/// How much is taken from a partner in one answer: a page of commands with large values, and not a
/// machine's memory.
pub(in crate::partner) const MAX_ANSWER: usize = 32 << 20;
/// How many characters of a stranger's body an error shows.
const SHOWN: usize = 200;
