//! Under which names a server may be asked.

use std::net::{IpAddr, SocketAddr};

use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};

use super::refusal::Refusal;

/// The names of this machine, besides `localhost` and whatever is an address and no name.
///
/// A page in a browser can give its own name the address of this machine, and is then of one origin
/// with the server (DNS rebinding). The name it was asked by betrays it. An address in its place
/// cannot be rebound.
pub(super) struct Hosts(Vec<String>);

impl Hosts {
    /// These, and what the machine itself is called, plainly and in the local network.
    pub(super) fn new(named: Vec<String>) -> Self {
        let own = rustix::system::uname().nodename().to_string_lossy().to_lowercase();
        let mut names: Vec<String> = named.iter().map(|name| name.to_lowercase()).collect();
        names.extend([format!("{own}.local"), own, "localhost".to_owned()]);
        Self(names)
    }

    /// Refuses a request that is for somebody else, or that a page from elsewhere makes.
    pub(super) fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Refusal> {
        let host = match uri.authority() {
            Some(authority) => authority.clone(),
            None => authority(headers.get(HOST)).ok_or_else(|| {
                Refusal::new(StatusCode::BAD_REQUEST, "NO-HOST", "the request names no host")
            })?,
        };
        if !self.is_ours(host.host()) {
            let detail = format!(
                "this server is not named {}: ask it by its address, or start it with that name as \
                 one of its hosts",
                host.host()
            );
            return Err(Refusal::new(StatusCode::MISDIRECTED_REQUEST, "WRONG-HOST", detail));
        }
        if is_foreign(headers, &host) {
            let detail = "pages from elsewhere may not command this machine";
            return Err(Refusal::new(StatusCode::FORBIDDEN, "FOREIGN-ORIGIN", detail));
        }
        Ok(())
    }

    fn is_ours(&self, host: &str) -> bool {
        let plain = host.trim_start_matches('[').trim_end_matches(']');
        let name = plain.strip_suffix('.').unwrap_or(plain).to_lowercase();
        plain.parse::<IpAddr>().is_ok() || self.0.contains(&name)
    }
}

/// Whether the address is one that only this machine reaches.
pub(super) fn is_loopback(address: &SocketAddr) -> bool {
    address.ip().to_canonical().is_loopback()
}

fn authority(header: Option<&HeaderValue>) -> Option<Authority> {
    header?.to_str().ok()?.parse().ok()
}

/// Whether a browser says that another origin's page asks. Who is no browser says neither.
fn is_foreign(headers: &HeaderMap, host: &Authority) -> bool {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    if site.is_some_and(|site| site != b"same-origin" && site != b"none") {
        return true;
    }
    let Some(origin) = headers.get(ORIGIN) else {
        return false;
    };
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    origin.is_none_or(|(_, origin)| !origin.eq_ignore_ascii_case(host.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(headers: &[(&'static str, &str)]) -> u16 {
        let named = vec!["Cellar.example".to_owned()];
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().expect("it is a header"));
        }
        match Hosts::new(named).check(&Uri::from_static("/tcmd"), &map) {
            Ok(()) => 200,
            Err(refusal) => refusal.status.as_u16(),
        }
    }

    #[test]
    fn names_of_this_machine_and_addresses_may_be_asked() {
        for host in ["localhost:4242", "LOCALHOST", "127.0.0.1:1", "[::1]:4242", "cellar.example."]
        {
            assert_eq!(status(&[("host", host)]), 200, "{host}");
        }
    }

    #[test]
    fn other_names_are_refused() {
        for host in ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:4242"] {
            assert_eq!(status(&[("host", host)]), 421, "{host}");
        }
        assert_eq!(status(&[]), 400);
        assert_eq!(status(&[("host", "a b")]), 400);
    }

    #[test]
    fn a_page_from_elsewhere_is_refused() {
        let host = ("host", "localhost:4242");
        for (header, value) in [
            ("origin", "http://evil.example"),
            ("origin", "http://localhost:8080"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            assert_eq!(status(&[host, (header, value)]), 403, "{header}: {value}");
        }
        let own = ("origin", "http://localhost:4242");
        assert_eq!(status(&[host, own, ("sec-fetch-site", "same-origin")]), 200);
        assert_eq!(status(&[host, ("sec-fetch-site", "none")]), 200);
    }
}
