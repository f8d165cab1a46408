//! How the server and its partners are, and what it offers.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::exchange::Exchange;
use super::refusal::Refusal;
use crate::api::{FunctionDescription, PartnerStatus, Problem, Status};

/// Tells how the server and its queue are.
#[utoipa::path(
    get, path = "/api/status",
    responses(
        (status = 200, description = "How it is", body = Status),
        (status = 503, description = "The queue failed", body = Problem),
    )
)]
pub(super) async fn status(State(exchange): State<Arc<Exchange>>) -> Result<Json<Status>, Refusal> {
    Ok(Json(exchange.status().await?))
}

/// Tells what a command may call beside Lisp itself.
#[utoipa::path(
    get, path = "/api/functions",
    responses((status = 200, description = "The functions", body = [FunctionDescription]))
)]
pub(super) async fn functions(
    State(exchange): State<Arc<Exchange>>,
) -> Json<Vec<FunctionDescription>> {
    Json(exchange.functions.clone())
}

/// Tells how the partners are that the server was told of. Asked of them at most once a second.
#[utoipa::path(
    get, path = "/api/partners",
    responses((status = 200, description = "The partners", body = [PartnerStatus]))
)]
pub(super) async fn partners(State(exchange): State<Arc<Exchange>>) -> Json<Vec<PartnerStatus>> {
    Json(exchange.partners.look().await)
}
