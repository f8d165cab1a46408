//! Octets that are no objects.

use std::fmt;

/// So many of them are shown.
const EXCERPT: usize = 16;

/// From here on nobody knows where an object begins: a guess would show calls that nobody made.
pub(crate) struct Lost {
    /// Which octet of all.
    at: u64,
    why: String,
    excerpt: Vec<u8>,
}

impl Lost {
    pub(crate) fn new(at: u64, why: String, octets: impl Iterator<Item = u8>) -> Self {
        Self { at, why, excerpt: octets.take(EXCERPT).collect() }
    }
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, why, excerpt } = self;
        write!(f, "from octet {at} on there are no objects; all is passed on unread (")?;
        match *at == 0 && excerpt.starts_with(&[22, 3]) {
            true => f.write_str("it looks like TLS")?,
            false => f.write_str(why)?,
        }
        f.write_str("):")?;
        excerpt.iter().try_for_each(|octet| write!(f, " {octet:02x}"))?;
        write!(f, " |{}|", excerpt.escape_ascii())
    }
}
