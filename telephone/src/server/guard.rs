//! What every request passes before it is heard.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::X_CONTENT_TYPE_OPTIONS;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, REFERRER_POLICY, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::exchange::Exchange;
use super::hosts::Hosts;
use super::page;
use super::refusal::Refusal;

/// Who is at the other end of a connection.
#[derive(Clone, Copy)]
pub(super) struct Caller(pub(super) SocketAddr);

pub(super) struct Guard {
    pub(super) hosts: Hosts,
    pub(super) exchange: Arc<Exchange>,
}

impl Guard {
    /// In this order: those who ask too often cost least, and a token is compared last.
    fn check(&self, request: &Request) -> Result<(), Refusal> {
        if let Some(Caller(address)) = request.extensions().get() {
            self.exchange.rate.check(address.ip())?;
        }
        self.hosts.check_all_but_pages(request)?;
        if is_page(request) { Ok(()) } else { self.check_token(request.headers()) }
    }

    fn check_token(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let Some(token) = &self.exchange.token else {
            return Ok(());
        };
        let shown = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let shown = shown.and_then(|value| value.split_once(' '));
        let given = shown.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        if given.is_some_and(|(_, given)| token.is(given.trim())) {
            return Ok(());
        }
        let detail = "this server wants `Authorization: Bearer TOKEN` with the token it was \
                      started with";
        Err(Refusal::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", detail)
            .with(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")))
    }
}

impl Hosts {
    /// Links to the page may stand anywhere: what it shows it asks for itself, and then it counts.
    fn check_all_but_pages(&self, request: &Request) -> Result<(), Refusal> {
        match self.check(request.uri(), request.headers()) {
            Err(refusal) if refusal.status == StatusCode::FORBIDDEN && is_page(request) => Ok(()),
            checked => checked,
        }
    }
}

pub(super) async fn guard(
    State(guard): State<Arc<Guard>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = match guard.check(&request) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Whether it asks for the text of the page, which is the same for everybody.
fn is_page(request: &Request) -> bool {
    request.uri().path() == page::PATH && matches!(*request.method(), Method::GET | Method::HEAD)
}
