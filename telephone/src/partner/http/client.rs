//! The HTTP client of a partner.

use std::time::Duration;

use reqwest::{Client, redirect};

use crate::partner::Failure;
use crate::partner::address::Scheme;

pub(super) fn client(scheme: Scheme) -> Result<Client, Failure> {
    let builder = Client::builder()
        .user_agent(concat!("telephone/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .pool_idle_timeout(IDLE)
        // Either would hand commands and tokens to somebody who was not named.
        .no_proxy()
        .redirect(redirect::Policy::none());
    let builder = secured(builder, scheme)?;
    builder.build().map_err(|error| Failure::Address { why: super::answer::root(&error) })
}

#[cfg(not(feature = "https"))]
fn secured(
    builder: reqwest::ClientBuilder,
    _scheme: Scheme,
) -> Result<reqwest::ClientBuilder, Failure> {
    Ok(builder)
}

/// Says which cryptography serves, since none is built into the client.
#[cfg(feature = "https")]
fn secured(
    builder: reqwest::ClientBuilder,
    scheme: Scheme,
) -> Result<reqwest::ClientBuilder, Failure> {
    use std::sync::Arc;

    let ring = rustls::crypto::ring::default_provider();
    if scheme == Scheme::Https {
        // It fails where the program has one already, which serves as well.
        drop(ring.install_default());
        return Ok(builder);
    }
    // Without TLS nobody needs the system's certificates, which take a while to read.
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(ring))
        .with_safe_default_protocol_versions()
        .map_err(|error| Failure::Address { why: error.to_string() })?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    Ok(builder.tls_backend_preconfigured(config))
}

/// How long a partner in the house, or behind a slow line, may take to take a connection.
const CONNECT: Duration = Duration::from_secs(3);
/// How long a connection is kept for the next question. Servers close theirs after 10 s, the
/// original's after 20, and a question that crosses with that is lost.
const IDLE: Duration = Duration::from_secs(5);
/// How long an answer may be silent in the middle. Servers say something every 15 s.
const SILENCE: Duration = Duration::from_secs(60);
