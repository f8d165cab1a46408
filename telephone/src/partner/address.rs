//! `Address`: where a partner is.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::Failure;

/// A scheme, a host and a port, as `http://HOST:PORT`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Address {
    scheme: Scheme,
    /// All of it, without a slash at its end.
    text: Arc<str>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Scheme {
    Http,
    Https,
    Wire,
}

impl Address {
    pub(super) fn scheme(&self) -> Scheme {
        self.scheme
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// The host and the port.
    pub(super) fn authority(&self) -> &str {
        &self.text[self.scheme.as_str().len() + "://".len()..]
    }
}

impl FromStr for Address {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let wrong = |why: &str| Failure::Address { why: why.to_owned() };
        let (scheme, rest) = text.split_once("://").ok_or_else(|| wrong("it has no `://`"))?;
        let scheme = match scheme {
            "http" => Scheme::Http,
            "https" if cfg!(feature = "https") => Scheme::Https,
            "https" => return Err(wrong("this program was built without the feature `https`")),
            "wire" => Scheme::Wire,
            _ => return Err(wrong("its scheme is none of these")),
        };
        let authority = rest.trim_end_matches('/');
        let url = reqwest::Url::parse(&format!("http://{authority}"))
            .map_err(|error| wrong(&error.to_string()))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("a user or a password has no place in it; a token is given apart"));
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("it goes on after the port"));
        }
        let host = url.host_str().ok_or_else(|| wrong("it has no host"))?;
        let port = match (port_of(authority), scheme) {
            (Some(port), _) => port,
            (None, Scheme::Http) => PORT,
            (None, Scheme::Https) => HTTPS_PORT,
            (None, Scheme::Wire) => WIRE_PORT,
        };
        let text = format!("{}://{host}:{port}", scheme.as_str()).into();
        Ok(Self { scheme, text })
    }
}

impl Scheme {
    fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::Wire => "wire",
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The port as it is written: a URL forgets one that is its scheme's own.
fn port_of(authority: &str) -> Option<u16> {
    authority.rsplit_once(':')?.1.parse().ok()
}

/// The original's.
const PORT: u16 = 4242;
const HTTPS_PORT: u16 = 443;
/// Beside the original's.
const WIRE_PORT: u16 = 4243;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        text.parse::<Address>().expect("it is an address").to_string()
    }

    #[test]
    fn an_address_is_a_scheme_a_host_and_a_port() {
        assert_eq!(read("http://localhost:4000/"), "http://localhost:4000");
        assert_eq!(read("http://cellar"), "http://cellar:4242");
        assert_eq!(read("http://cellar:80"), "http://cellar:80");
        assert_eq!(read("http://[::1]:9"), "http://[::1]:9");
        assert_eq!(read("http://[::1]"), "http://[::1]:4242");
        assert_eq!(read("wire://cellar"), "wire://cellar:4243");
        let address: Address = "wire://[::1]:7".parse().expect("it is an address");
        assert_eq!(address.authority(), "[::1]:7");
    }

    #[cfg(feature = "https")]
    #[test]
    fn https_has_its_own_port() {
        assert_eq!(read("https://cellar.example"), "https://cellar.example:443");
    }

    #[test]
    fn what_is_no_address_is_refused_with_the_reason() {
        for (text, why) in [
            ("localhost:4242", "no `://`"),
            ("ftp://cellar", "scheme"),
            ("http://", "host"),
            ("http://me:secret@cellar", "token"),
            ("http://cellar:4242/api", "after the port"),
            ("http://cellar:99999", "port"),
        ] {
            let error = text.parse::<Address>().expect_err(text).to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
