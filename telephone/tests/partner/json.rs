//! A partner with the JSON API, and with what can go wrong on the way to it.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::StreamExt;
use serde_json::{Value, json};
use telephone::api::{JobFilter, PROBLEM_TYPE};
use telephone::partner::{Failure, Partner};
use telephone::{JobId, State, Submission};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;

use crate::partner_of;

fn job(state: &str) -> Value {
    json!({ "id": "G7", "command": "(+ 1 2)", "state": state, "value": "3",
            "submitted": "2026-11-22T10:00:00Z" })
}

fn problem(status: StatusCode, title: &str) -> axum::response::Response {
    let body = json!({ "type": "about:blank", "title": title, "status": status.as_u16(),
                       "detail": "as it is" });
    (status, [(header::CONTENT_TYPE, PROBLEM_TYPE)], body.to_string()).into_response()
}

fn id() -> JobId {
    "G7".parse().expect("it is an id")
}

/// The body of one request, of which the connection is cut before it is answered, or not.
async fn hear(listener: &TcpListener) -> (TcpStream, String) {
    let (mut stream, _) = listener.accept().await.expect("somebody connects");
    let mut request = Vec::new();
    let body = loop {
        stream.read_buf(&mut request).await.expect("it is sent");
        let text = String::from_utf8_lossy(&request);
        if let Some((_, body)) = text.split_once("\r\n\r\n").filter(|(_, body)| body.ends_with('}'))
        {
            break body.to_owned();
        }
    };
    (stream, body)
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_under_the_same_key() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let partner = Partner::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let serving = tokio::spawn(async move {
        let (stream, first) = hear(&listener).await;
        drop(stream);
        let (mut stream, second) = hear(&listener).await;
        let body = job("waiting").to_string();
        let head = format!("HTTP/1.1 201 Created\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all((head + &body).as_bytes()).await.unwrap();
        (first, second)
    });
    let job = partner.submit(Submission::new("(+ 1 2)")).await.unwrap();
    assert_eq!(job.id, id());
    let (first, second) = serving.await.unwrap();
    assert_eq!(first, second);
    let sent: Submission = serde_json::from_str(&first).unwrap();
    assert!(sent.key.is_some_and(|key| key.len() == 26), "{first}");
}

#[tokio::test]
async fn nobody_there_is_said_so() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let partner = Partner::new(&format!("http://{address}")).unwrap().named("cellar");
    let error = partner.status().await.unwrap_err();
    assert!(matches!(error.failure(), Failure::Unreachable { .. }), "{error}");
    let text = error.to_string();
    assert!(text.starts_with(&format!("cellar (http://{address}): ")), "{text}");
    assert!(text.contains("refused") && text.contains("telephone serve"), "{text}");
}

#[tokio::test]
async fn refusals_keep_their_kind() {
    let busy = async || {
        let mut answer = problem(StatusCode::TOO_MANY_REQUESTS, "Queue full");
        answer.headers_mut().insert(header::RETRY_AFTER, "7".parse().unwrap());
        answer
    };
    let router = Router::new()
        .route("/api/jobs", post(busy).get(async || problem(StatusCode::UNAUTHORIZED, "Who?")))
        .route("/api/status", get(async || problem(StatusCode::IM_A_TEAPOT, "Teapot")))
        .route("/api/functions", get(async || "what?"))
        .route("/api/jobs/{id}", get(async || problem(StatusCode::NOT_FOUND, "No such command")));
    let partner = partner_of(router).await;
    let error = partner.submit(Submission::new("1")).await.unwrap_err();
    let Failure::Busy { retry_after, .. } = error.failure() else { panic!("{error}") };
    assert_eq!(*retry_after, Some(Duration::from_secs(7)));
    assert!(error.to_string().ends_with("as it is; ask again in 7 s"), "{error}");
    let error = partner.jobs(JobFilter::all()).await.unwrap_err();
    assert_eq!(error.failure(), &Failure::Unauthorized);
    let error = partner.status().await.unwrap_err();
    assert!(matches!(error.failure(), Failure::Refused { status: 418, .. }), "{error}");
    let error = partner.functions().await.unwrap_err();
    assert!(matches!(error.failure(), Failure::Misspoken { .. }), "{error}");
    assert_eq!(partner.job(&id()).await.unwrap(), None);
}

#[tokio::test]
async fn the_token_goes_along_and_is_not_shown() {
    let heard = Arc::new(Mutex::new(None));
    let told = Arc::clone(&heard);
    let jobs = async move |headers: HeaderMap| {
        *told.lock().await = headers.get(header::AUTHORIZATION).cloned();
        Json(Vec::<Value>::new())
    };
    let partner = partner_of(Router::new().route("/api/jobs", get(jobs))).await.token("sesame");
    assert_eq!(partner.jobs(JobFilter::all().state(State::Running).limit(3)).await.unwrap(), []);
    assert_eq!(heard.lock().await.as_ref().unwrap(), "Bearer sesame");
    assert!(!format!("{partner:?}").contains("sesame"), "{partner:?}");
}

#[tokio::test]
async fn changes_are_followed_over_a_broken_connection() {
    let asked = Arc::new(Mutex::new(0));
    let events = async move || {
        let mut asked = asked.lock().await;
        *asked += 1;
        let states: &[&str] = if *asked == 1 { &["waiting"] } else { &["waiting", "finished"] };
        let told = states.iter().map(|state| format!("event: job\ndata: {}\n\n", job(state)));
        ([(header::CONTENT_TYPE, "text/event-stream")], told.collect::<String>())
    };
    let partner = partner_of(Router::new().route("/api/jobs/{id}/events", get(events))).await;
    let states: Vec<State> = partner.follow(&id()).map(|job| job.unwrap().state).collect().await;
    assert_eq!(states, [State::Waiting, State::Finished]);
}

#[tokio::test]
async fn a_redirection_is_not_followed() {
    let elsewhere = async || {
        (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, "http://127.0.0.1:1/api/status")])
    };
    let partner = partner_of(Router::new().route("/api/status", get(elsewhere))).await;
    let error = partner.status().await.unwrap_err();
    assert!(matches!(error.failure(), Failure::Refused { status: 307, .. }), "{error}");
}

#[cfg(feature = "https")]
#[tokio::test]
async fn a_server_without_tls_is_no_partner_behind_it() {
    let plain = partner_of(Router::new()).await;
    let address = plain.address().replace("http:", "https:");
    let error = Partner::new(&address).unwrap().status().await.unwrap_err();
    assert!(matches!(error.failure(), Failure::Unreachable { .. }), "{error}");
}
