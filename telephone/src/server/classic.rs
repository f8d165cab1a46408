//! The two endpoints of the original.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use utoipa::ToSchema;

use super::exchange::Exchange;
use super::refusal::Refusal;
use super::request::Fields;
use crate::api::Problem;
use crate::job::{JobId, Submission};
use crate::original;

/// Files a command, as the original does.
#[utoipa::path(
    post, path = "/tcmd",
    request_body(content = CommandForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The id, a Lisp string, percent-encoded; nothing if there is no command", body = String),
        (status = 408, description = "The body came too slowly", body = Problem),
        (status = 413, description = "The command or the body is too long", body = Problem),
        (status = 429, description = "The queue is full", body = Problem),
        (status = 503, description = "The queue failed", body = Problem),
    )
)]
pub(super) async fn command(
    State(exchange): State<Arc<Exchange>>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let Some(command) = fields.take(original::COMMAND_FIELD) else {
        return Ok(().into_response());
    };
    let submitted = exchange.submit(Submission::new(command)).await?;
    Ok(original::id_body(&submitted.job.id).into_response())
}

/// Tells how a command stands, as the original does.
#[utoipa::path(
    post, path = "/tres",
    request_body(content = ResultForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "A list of a state and a value, percent-encoded; nothing if there is no id", body = String),
        (status = 408, description = "The body came too slowly", body = Problem),
        (status = 413, description = "The body is too long", body = Problem),
        (status = 503, description = "The queue failed", body = Problem),
    )
)]
pub(super) async fn result(
    State(exchange): State<Arc<Exchange>>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let Some(id) = fields.take(original::RESULT_FIELD) else {
        return Ok(().into_response());
    };
    let job = match id.parse::<JobId>() {
        Ok(id) => exchange.job(&id).await?,
        Err(_) => None,
    };
    Ok(original::result_body(job.as_ref()).into_response())
}

/// For the description: what [`Fields`] reads.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is only described")]
pub(super) struct CommandForm {
    /// Lisp text.
    cmd: String,
}

/// For the description: what [`Fields`] reads.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is only described")]
pub(super) struct ResultForm {
    /// The id, as it was given.
    id: String,
}
