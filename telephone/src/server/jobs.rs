//! Commands in the JSON API: submitted, listed, waited for, called off.

#![expect(unused_qualifications, reason = "utoipa qualifies the parameters that it is told of")]

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::exchange::Exchange;
use super::refusal::{Refusal, location};
use super::request::{Asked, Id, Json};
use crate::api::{JobFilter, KEY_HEADER, Problem};
use crate::job::{Job, Submission};

/// Files a command.
///
/// The command is stored when the answer comes. Filing it again under the same key finds it.
#[utoipa::path(
    post, path = "/api/jobs", request_body = Submission,
    params(("idempotency-key" = Option<String>, Header, description = "The key, if the body has none")),
    responses(
        (status = 201, description = "It was stored", body = Job),
        (status = 200, description = "It was there already under this key", body = Job),
        (status = 400, description = "The request cannot be read", body = Problem),
        (status = 408, description = "The body came too slowly", body = Problem),
        (status = 413, description = "The command or the body is too long", body = Problem),
        (status = 415, description = "The body does not say that it is JSON", body = Problem),
        (status = 422, description = "The key names another command", body = Problem),
        (status = 429, description = "The queue is full; `retry-after` says when to come again", body = Problem),
        (status = 503, description = "The queue failed", body = Problem),
    )
)]
pub(super) async fn submit(
    State(exchange): State<Arc<Exchange>>,
    headers: HeaderMap,
    Json(mut submission): Json<Submission>,
) -> Result<Response, Refusal> {
    if let Some(key) = key(&headers)? {
        if submission.key.as_ref().is_some_and(|other| *other != key) {
            let detail = "the header `idempotency-key` and the body have different keys";
            return Err(Refusal::new(StatusCode::BAD_REQUEST, "TWO-KEYS", detail));
        }
        submission.key = Some(key);
    }
    let submitted = exchange.submit(submission).await?;
    let status = if submitted.new { StatusCode::CREATED } else { StatusCode::OK };
    let location = location(&submitted.job.id);
    Ok((status, [(LOCATION, location)], axum::Json(submitted.job)).into_response())
}

/// Lists commands, the latest first.
#[utoipa::path(
    get, path = "/api/jobs", params(JobFilter),
    responses(
        (status = 200, description = "Those that fit", body = [Job]),
        (status = 400, description = "The request cannot be read", body = Problem),
        (status = 503, description = "The queue failed", body = Problem),
    )
)]
pub(super) async fn list(
    State(exchange): State<Arc<Exchange>>,
    Asked(filter): Asked<JobFilter>,
) -> Result<axum::Json<Vec<Job>>, Refusal> {
    Ok(axum::Json(exchange.jobs(filter).await?))
}

/// Tells how a command stands, at once or as soon as it has ended.
#[utoipa::path(
    get, path = "/api/jobs/{id}", params(("id" = String, Path, description = "The command's id"), Patience),
    responses(
        (status = 200, description = "How it stands", body = Job),
        (status = 400, description = "The request cannot be read", body = Problem),
        (status = 404, description = "There is no such command, or not any more", body = Problem),
        (status = 503, description = "The queue failed", body = Problem),
    )
)]
pub(super) async fn job(
    State(exchange): State<Arc<Exchange>>,
    Id(id): Id,
    Asked(patience): Asked<Patience>,
) -> Result<axum::Json<Job>, Refusal> {
    let patience = patience.duration()?;
    let job = if patience.is_zero() {
        exchange.job(&id).await?
    } else {
        exchange.wait(&id, patience).await?
    };
    job.map(axum::Json).ok_or_else(|| Refusal::no_such_job(id.as_str()))
}

/// Calls a command off. One that has ended stays as it is.
#[utoipa::path(
    delete, path = "/api/jobs/{id}", params(("id" = String, Path, description = "The command's id")),
    responses(
        (status = 200, description = "How it stands now", body = Job),
        (status = 404, description = "There is no such command, or not any more", body = Problem),
        (status = 503, description = "The queue failed", body = Problem),
    )
)]
pub(super) async fn cancel(
    State(exchange): State<Arc<Exchange>>,
    Id(id): Id,
) -> Result<axum::Json<Job>, Refusal> {
    let job = exchange.cancel(&id).await?;
    job.map(axum::Json).ok_or_else(|| Refusal::no_such_job(id.as_str()))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Patience {
    /// How many seconds the answer may be held back until the command has ended. The server has a
    /// limit of its own.
    #[serde(default)]
    wait: f64,
}

impl Patience {
    fn duration(&self) -> Result<Duration, Refusal> {
        Duration::try_from_secs_f64(self.wait).map_err(|error| {
            let detail = format!("`wait` is a number of seconds: {error}");
            Refusal::new(StatusCode::BAD_REQUEST, "MALFORMED-REQUEST", detail)
        })
    }
}

/// The key in the header, with or without the quotes that a structured field has.
fn key(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let Some(value) = headers.get(KEY_HEADER) else {
        return Ok(None);
    };
    let key = value.to_str().map_err(|_| {
        let detail =
            "the header `idempotency-key` is printable ASCII; other keys stand in the body";
        Refusal::new(StatusCode::BAD_REQUEST, "MALFORMED-REQUEST", detail)
    })?;
    let quoted = key.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    Ok(Some(quoted.unwrap_or(key).to_owned()))
}
