//! `Refusal`: why a caller does not get what it asked for.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::api::{PROBLEM_TYPE, Problem};
use crate::job::JobId;
use crate::queue::{QueueError, SubmitError};

/// A status and words for HTTP, a condition for Lisp.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    /// A symbol's name, which also is the title.
    pub(super) condition: &'static str,
    pub(super) detail: String,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Refusal {
    pub(super) fn new(
        status: StatusCode,
        condition: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self { status, condition, detail: detail.into(), headers: Vec::new() }
    }

    pub(super) fn no_such_job(id: &str) -> Self {
        let shown: String = id.chars().filter(|c| !c.is_control()).take(80).collect();
        let detail = format!("there is no command {shown}, or not any more");
        Self::new(StatusCode::NOT_FOUND, "ID-NOT-FOUND", detail)
    }

    pub(super) fn retry_after(self, seconds: u64) -> Self {
        self.with(header::RETRY_AFTER, seconds.into())
    }

    pub(super) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    fn problem(&self) -> Problem {
        let title = self.condition.replace('-', " ").to_lowercase();
        Problem::new(self.status.as_u16(), title, &*self.detail)
    }
}

impl From<SubmitError> for Refusal {
    fn from(error: SubmitError) -> Self {
        let detail = error.to_string();
        match error {
            SubmitError::Full { .. } => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "QUEUE-FULL", detail)
                    .retry_after(RETRY_AFTER)
            }
            SubmitError::KeyReused { id } => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "KEY-REUSED", detail)
                    .with(header::LOCATION, location(&id))
            }
            SubmitError::TooLong { .. } => {
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, "COMMAND-TOO-LONG", detail)
            }
            SubmitError::Queue(error) => error.into(),
        }
    }
}

impl From<QueueError> for Refusal {
    fn from(error: QueueError) -> Self {
        let detail = match &error {
            QueueError::NoRoom { .. } | QueueError::Closed { .. } => error.to_string(),
            // What a database says is for those who run it, and may name its files and users.
            _ => "the queue failed; its server's log says how".to_owned(),
        };
        tracing::error!(%error, "the queue failed a caller");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "QUEUE-FAILED", detail).retry_after(RETRY_AFTER)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self.problem()).unwrap_or_default();
        let mut response =
            (self.status, [(header::CONTENT_TYPE, PROBLEM_TYPE)], body).into_response();
        response.headers_mut().extend(self.headers);
        response
    }
}

/// Where a command is found.
pub(super) fn location(id: &JobId) -> HeaderValue {
    let path = format!("{}/{id}", crate::api::JOBS);
    HeaderValue::from_str(&path).unwrap_or(HeaderValue::from_static(crate::api::JOBS))
}

/// Seconds: a queue that is full now has room again when a command or two have ended.
const RETRY_AFTER: u64 = 2;
