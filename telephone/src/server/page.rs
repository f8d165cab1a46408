//! The page that a browser shows.

use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::job::JobId;

/// Where it is.
pub(super) const PATH: &str = "/";

/// The page: text that is the same for everybody, and asks the API for all that it shows.
pub(super) async fn page() -> Response {
    // A word that no text which got into the page could know runs its script, and nothing else.
    let nonce = JobId::random();
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src data:; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let headers =
        [(CONTENT_TYPE, "text/html; charset=utf-8".to_owned()), (CONTENT_SECURITY_POLICY, policy)];
    (headers, PAGE.replace("{{nonce}}", nonce.as_str())).into_response()
}

const PAGE: &str = include_str!("page.html");
