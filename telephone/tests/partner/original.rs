//! A partner that has only the two endpoints, and answers as recorded from the original.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::extract::Form;
use axum::routing::{get, post};
use axum::{Router, http::StatusCode};
use futures_util::StreamExt;
use telephone::api::{JobFilter, Kind};
use telephone::original::Answer;
use telephone::partner::{Failure, Partner};
use telephone::{JobId, State, Submission};

use crate::partner_of;

const RECORDED: &str = include_str!("../vectors/telephone.tsv");

fn recorded(request: &str) -> &'static str {
    let line = RECORDED.lines().find(|line| line.starts_with(request)).expect("it is recorded");
    line.split_once('\t').expect("a tab stands in each line").1
}

/// Tells of its one command first that it waits, then that it runs, then its value.
async fn original() -> Partner {
    let asked = Arc::new(AtomicUsize::new(0));
    let result = async move |Form(form): Form<HashMap<String, String>>| {
        if form["id"] != "G241" {
            return recorded("POST /tres id=ZZZ");
        }
        match asked.fetch_add(1, Ordering::Relaxed) {
            0 => recorded("POST /tres of it, before"),
            1 => recorded("POST /tres of (sleep 3)"),
            _ => recorded("POST /tres of it, later"),
        }
    };
    let command = async |Form(form): Form<HashMap<String, String>>| {
        assert!(form["cmd"].starts_with('('), "it is Lisp text: {form:?}");
        recorded("POST /tcmd")
    };
    let router = Router::new()
        .route("/tcmd", post(command))
        .route("/tres", post(result))
        .fallback(async || (StatusCode::NOT_FOUND, "<html>Not Found</html>"));
    partner_of(router).await
}

fn id() -> JobId {
    "G241".parse().expect("it is an id")
}

#[tokio::test]
async fn a_command_is_filed_and_waited_for() {
    let partner = original().await;
    let job = partner.submit(Submission::new("(list 1 \"a b\")").key("k")).await.unwrap();
    assert_eq!((job.id.as_str(), job.state), ("G241", State::Waiting));
    assert_eq!(job.command, "(list 1 \"a b\")");
    let job = partner.wait(&job.id, Duration::from_secs(60)).await.unwrap().unwrap();
    assert_eq!(job.state, State::Finished);
    assert_eq!(job.value.as_deref(), Some(r#"(1 "a b" :K 2.5 FOO 1/3)"#));
}

#[tokio::test]
async fn each_state_is_followed() {
    let partner = original().await;
    let states: Vec<State> = partner.follow(&id()).map(|job| job.unwrap().state).collect().await;
    assert_eq!(states, [State::Waiting, State::Running, State::Finished]);
}

#[tokio::test]
async fn waiting_no_time_tells_how_it_stands() {
    let partner = original().await;
    let job = partner.wait(&id(), Duration::ZERO).await.unwrap().unwrap();
    assert_eq!(job.state, State::Waiting);
}

#[tokio::test]
async fn a_command_that_is_not_there_is_none() {
    let partner = original().await;
    let unknown: JobId = "ZZZ".parse().unwrap();
    assert_eq!(partner.job(&unknown).await.unwrap(), None);
    assert_eq!(partner.wait(&unknown, Duration::from_secs(60)).await.unwrap(), None);
    let followed: Vec<_> = partner.follow(&unknown).collect().await;
    assert_eq!(followed.len(), 1);
    assert_eq!(followed[0].as_ref().unwrap_err().failure(), &Failure::NoSuchJob);
}

#[tokio::test]
async fn the_endpoints_can_be_asked_directly() {
    let partner = original().await;
    let id = partner.remote_command("(+ 1 2)").await.unwrap();
    assert_eq!(id.as_str(), "G241");
    assert_eq!(partner.remote_result(&id).await.unwrap(), Answer::Waiting);
    assert_eq!(partner.remote_result(&id).await.unwrap().to_string(), "(RUNNING NIL)");
}

#[tokio::test]
async fn what_it_cannot_do_is_said() {
    let partner = original().await;
    let status = partner.status().await.unwrap();
    assert_eq!((status.kind, status.queue), (Kind::Original, None));
    assert_eq!(partner.functions().await.unwrap(), []);
    for error in [
        partner.cancel(&id()).await.unwrap_err(),
        partner.jobs(JobFilter::all()).await.unwrap_err(),
    ] {
        assert!(matches!(error.failure(), Failure::Unsupported { .. }), "{error}");
    }
}

#[tokio::test]
async fn another_server_at_its_address_is_noticed() {
    let partner = partner_of(Router::new().fallback(async || "<html>Welcome</html>")).await;
    let error = partner.remote_command("(+ 1 2)").await.unwrap_err();
    assert!(matches!(error.failure(), Failure::Misspoken { .. }), "{error}");
    assert!(error.to_string().contains("<html>"), "{error}");
}

#[tokio::test]
async fn what_was_missing_for_a_while_is_found_again() {
    let starting = Arc::new(AtomicUsize::new(0));
    let jobs = async move || match starting.fetch_add(1, Ordering::Relaxed) {
        0 => Err((StatusCode::NOT_FOUND, "<html>no upstream</html>")),
        _ => Ok("[]"),
    };
    let partner = partner_of(Router::new().route("/api/jobs", get(jobs))).await;
    assert!(partner.jobs(JobFilter::all()).await.is_err());
    let error = partner.job(&id()).await.unwrap_err();
    assert!(error.to_string().contains("/tres"), "{error}");
    assert_eq!(partner.jobs(JobFilter::all()).await.unwrap(), []);
}
