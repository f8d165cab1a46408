//! Commands as they change, told by server-sent events.

use std::sync::Arc;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, KeepAliveStream, Sse};
use futures_util::{Stream, StreamExt};

use super::exchange::Exchange;
use super::refusal::Refusal;
use super::request::Id;
use crate::api::Problem;
use crate::job::Job;
use crate::queue::Change;

type Told = Result<Event, axum::Error>;

/// Follows a command: as it stands, then each change, until it has ended.
#[utoipa::path(
    get, path = "/api/jobs/{id}/events", params(("id" = String, Path, description = "The command's id")),
    responses(
        (status = 200, description = "Events `job`, whose data is a command", body = Job, content_type = "text/event-stream"),
        (status = 404, description = "There is no such command, or not any more", body = Problem),
        (status = 503, description = "The queue failed", body = Problem),
    )
)]
pub(super) async fn of_one(
    State(exchange): State<Arc<Exchange>>,
    Id(id): Id,
) -> Result<Sse<KeepAliveStream<impl Stream<Item = Told> + Send>>, Refusal> {
    if exchange.job(&id).await?.is_none() {
        return Err(Refusal::no_such_job(id.as_str()));
    }
    Ok(stream(&exchange, exchange.follow(&id).map(|job| told(&job))))
}

/// Follows all commands from now on.
#[utoipa::path(
    get, path = "/api/events",
    responses((
        status = 200, body = Job, content_type = "text/event-stream",
        description = "Events `job`, whose data is a command, and `missed`, whose data is how many \
                       changes went by untold: then the list tells how all stand",
    ))
)]
pub(super) async fn of_all(
    State(exchange): State<Arc<Exchange>>,
) -> Sse<KeepAliveStream<impl Stream<Item = Told> + Send>> {
    let changes = exchange.changes().map(|change| match change {
        Change::Job(job) => told(&job),
        Change::Missed(count) => Ok(Event::default().event("missed").data(count.to_string())),
    });
    stream(&exchange, changes)
}

fn told(job: &Job) -> Told {
    Event::default().event("job").json_data(job)
}

fn stream<S>(exchange: &Exchange, events: S) -> Sse<KeepAliveStream<S>>
where
    S: Stream<Item = Told> + Send + 'static,
{
    let keep_alive = KeepAlive::new().interval(exchange.limits.keep_alive);
    Sse::new(events).keep_alive(keep_alive)
}
