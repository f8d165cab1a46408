//! What is found where.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use tower_http::trace::TraceLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::exchange::Exchange;
use super::guard::{Guard, guard};
use super::openapi::Description;
use super::refusal::Refusal;
use super::{classic, events, jobs, page, status};
use crate::api;

/// All routes, behind the guard.
pub(super) fn router(exchange: &Arc<Exchange>, guarding: Guard) -> Router {
    let (router, description) = OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(jobs::submit, jobs::list))
        .routes(routes!(jobs::job, jobs::cancel))
        .routes(routes!(events::of_one))
        .routes(routes!(events::of_all))
        .routes(routes!(status::functions))
        .routes(routes!(status::status))
        .routes(routes!(status::partners))
        .routes(routes!(classic::command))
        .routes(routes!(classic::result))
        .split_for_parts();
    let description = description.to_pretty_json().unwrap_or_default();
    let described = async || ([(CONTENT_TYPE, "application/json")], description);
    router
        .route(api::DESCRIPTION, get(described))
        .route(page::PATH, get(page::page))
        .fallback(nothing)
        .method_not_allowed_fallback(not_so)
        .layer(from_fn_with_state(Arc::new(guarding), guard))
        .layer(TraceLayer::new_for_http())
        .with_state(Arc::clone(exchange))
}

async fn nothing() -> Refusal {
    let detail = format!("there is nothing here; what there is, {} tells", api::DESCRIPTION);
    Refusal::new(StatusCode::NOT_FOUND, "NOT-FOUND", detail)
}

async fn not_so() -> Refusal {
    let detail = format!("this is not asked so; how it is, {} tells", api::DESCRIPTION);
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD-NOT-ALLOWED", detail)
}
