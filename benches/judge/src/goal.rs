//! What our library is to reach, as a ratio within one run.

use std::fmt;

use crate::line::Line;

#[derive(Clone, Copy, Debug)]
pub(crate) enum Goal {
    /// At least so much of what the raw loop reaches.
    OfRaw(f64),
    /// At most so many times what the raw loop pays.
    RawTimes(f64),
    /// At least so many times what that peer reaches.
    PeerTimes(&'static str, f64),
    /// At most that, whatever the others have.
    AtMost(f64),
    /// Less than any peer.
    BelowPeers,
}

impl Goal {
    /// Whether it is met; none where there is nobody to compare with.
    pub(crate) fn is_met(self, line: &Line<'_>) -> Option<bool> {
        let ours = line.ours()?;
        Some(match self {
            Self::OfRaw(share) => ours >= share * line.raw()?,
            Self::RawTimes(times) => ours <= times * line.raw()?,
            Self::PeerTimes(peer, times) => ours >= times * line.of(peer)?,
            Self::AtMost(bound) => ours <= bound,
            Self::BelowPeers => ours < line.best_peer()?.1,
        })
    }

    /// What it asks, and whether that is so.
    pub(crate) fn verdict(self, line: &Line<'_>) -> String {
        match self.is_met(line) {
            Some(true) => format!("{self}: met"),
            Some(false) => format!("{self}: **missed**"),
            None => self.to_string(),
        }
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OfRaw(share) => write!(f, "≥ {share} raw"),
            Self::RawTimes(times) => write!(f, "≤ {times} raw"),
            Self::PeerTimes(peer, times) => write!(f, "≥ {times} {peer}"),
            Self::AtMost(bound) => write!(f, "≤ {bound}"),
            Self::BelowPeers => f.write_str("< any peer"),
        }
    }
}
