//! Requests, read within bounds, and refused in the words of the API.

use std::string::FromUtf8Error;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use futures_util::StreamExt;
use percent_encoding::percent_decode;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::ServerLimits;
use super::exchange::Exchange;
use super::refusal::Refusal;
use crate::job::JobId;

/// The id in a path. One that cannot be an id is one that is not there.
pub(super) struct Id(pub(super) JobId);

impl FromRequestParts<Arc<Exchange>> for Id {
    type Rejection = Refusal;

    async fn from_request_parts(
        parts: &mut Parts,
        exchange: &Arc<Exchange>,
    ) -> Result<Self, Refusal> {
        let refused = |error: PathRejection| malformed(error.body_text());
        let Path(id) =
            Path::<String>::from_request_parts(parts, exchange).await.map_err(refused)?;
        id.parse().map(Self).map_err(|_| Refusal::no_such_job(&id))
    }
}

/// What stands behind a question mark.
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequestParts<Arc<Exchange>> for Asked<T> {
    type Rejection = Refusal;

    async fn from_request_parts(
        parts: &mut Parts,
        exchange: &Arc<Exchange>,
    ) -> Result<Self, Refusal> {
        let refused = |error: QueryRejection| malformed(error.body_text());
        let Query(asked) =
            Query::<T>::from_request_parts(parts, exchange).await.map_err(refused)?;
        Ok(Self(asked))
    }
}

/// A body in JSON, which says that it is: a page from elsewhere cannot send that unasked.
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Arc<Exchange>> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, exchange: &Arc<Exchange>) -> Result<Self, Refusal> {
        if essence(request.headers()) != "application/json" {
            let detail = "the body has to be JSON, and the header `content-type` to say \
                          `application/json`";
            return Err(Refusal::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "UNSUPPORTED-MEDIA-TYPE",
                detail,
            ));
        }
        let body = body(request, &exchange.limits).await?;
        serde_json::from_slice(&body).map(Self).map_err(|error| malformed(error.to_string()))
    }
}

/// The fields of a form. What is no form has none, as the original has it.
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    pub(super) fn take(self, name: &str) -> Option<String> {
        self.0.into_iter().find_map(|(field, value)| (field == name).then_some(value))
    }
}

impl FromRequest<Arc<Exchange>> for Fields {
    type Rejection = Refusal;

    async fn from_request(request: Request, exchange: &Arc<Exchange>) -> Result<Self, Refusal> {
        let is_form = essence(request.headers()) == "application/x-www-form-urlencoded";
        let body = body(request, &exchange.limits).await?;
        let form = if is_form { &body[..] } else { &[] };
        Ok(Self(form.split(|&octet| octet == b'&').map(field).collect()))
    }
}

fn field(octets: &[u8]) -> (String, String) {
    let mut halves = octets.splitn(2, |&octet| octet == b'=');
    let mut half = || form_text(halves.next().unwrap_or_default());
    (half(), half())
}

/// What one half of a field says. It is UTF-8, or else Latin-1, which Drakma writes unless it is
/// told otherwise: text of the one that is not ASCII is hardly ever valid as the other.
fn form_text(octets: &[u8]) -> String {
    let spaced: Vec<u8> =
        octets.iter().map(|&octet| if octet == b'+' { b' ' } else { octet }).collect();
    let latin1 = |error: FromUtf8Error| error.into_bytes().into_iter().map(char::from).collect();
    String::from_utf8(percent_decode(&spaced).collect()).unwrap_or_else(latin1)
}

fn malformed(detail: String) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, "MALFORMED-REQUEST", detail)
}

/// The type of a body, without parameters, in lower case.
fn essence(headers: &HeaderMap) -> String {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = value.unwrap_or_default().split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// The whole body, if it is short and quick enough. What is left of another one is not read: its
/// connection closes.
async fn body(request: Request, limits: &ServerLimits) -> Result<Vec<u8>, Refusal> {
    let said = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if said.and_then(|said| said.parse().ok()).is_some_and(|said: usize| said > limits.body) {
        return Err(too_long(limits.body));
    }
    let reading = timeout(limits.body_time, collect(request.into_body(), limits.body));
    reading.await.unwrap_or_else(|_| {
        let detail = format!("the body took longer than {:?}", limits.body_time);
        Err(closing(Refusal::new(StatusCode::REQUEST_TIMEOUT, "BODY-TOO-SLOW", detail)))
    })
}

async fn collect(body: Body, limit: usize) -> Result<Vec<u8>, Refusal> {
    let mut frames = body.into_data_stream();
    let mut collected = Vec::new();
    while let Some(octets) = frames.next().await {
        let octets = octets.map_err(|error| closing(malformed(error.to_string())))?;
        if collected.len() + octets.len() > limit {
            return Err(too_long(limit));
        }
        collected.extend_from_slice(&octets);
    }
    Ok(collected)
}

fn too_long(limit: usize) -> Refusal {
    let detail = format!("the body is longer than `ServerLimits::body` allows, {limit} octets");
    closing(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "BODY-TOO-LONG", detail))
}

fn closing(refusal: Refusal) -> Refusal {
    refusal.with(CONNECTION, HeaderValue::from_static("close"))
}
