//! The words after `server` or `client`, each `name=value`.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::str::FromStr;

use crate::Result;

/// What the judge has set for this process.
#[derive(Debug)]
pub struct Settings(BTreeMap<String, String>);

impl Settings {
    pub(crate) fn parse(words: impl Iterator<Item = String>) -> Result<Self> {
        let pair = |word: String| match word.split_once('=') {
            Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
            None => Err(format!("{word:?} is not name=value").into()),
        };
        Ok(Self(words.map(pair).collect::<Result<_>>()?))
    }

    /// What was set under that name, or what stands for it where nothing was.
    pub fn or<T: FromStr>(&self, name: &str, otherwise: T) -> Result<T> {
        let Some(value) = self.0.get(name) else {
            return Ok(otherwise);
        };
        value.parse().map_err(|_| format!("{name}={value} cannot be read").into())
    }

    /// The server's address.
    pub fn address(&self) -> Result<SocketAddr> {
        let value = self.0.get("address").ok_or("no address is set")?;
        Ok(value.parse()?)
    }
}
