//! What may be set about a map.

use std::num::NonZeroUsize;
use std::time::Duration;

/// How a [`Map`](crate::Map) deals with its partners.
///
/// ```
/// use std::time::Duration;
/// use telephone::MapSettings;
///
/// let patient = MapSettings::default().patience(Duration::from_secs(3600));
/// ```
#[derive(Clone, Debug)]
pub struct MapSettings {
    pub(super) most_items: usize,
    pub(super) in_flight: Option<usize>,
    pub(super) lag: Duration,
    pub(super) patience: Duration,
}

impl Default for MapSettings {
    fn default() -> Self {
        Self {
            most_items: MOST_ITEMS,
            in_flight: None,
            lag: Duration::from_secs(5),
            patience: Duration::from_secs(60),
        }
    }
}

impl MapSettings {
    /// The most items in one command; 1,000 if nothing is said.
    ///
    /// A map begins with a few, and takes more while they are quick, so that a command takes about
    /// half a second. One is right for items that may each take as long as a command may.
    pub fn chunk(mut self, items: NonZeroUsize) -> Self {
        self.most_items = items.get();
        self
    }

    /// How many commands a partner has at a time; one more than it says that it runs at a time, if
    /// nothing is said, and never more than sixteen.
    pub fn in_flight(mut self, commands: NonZeroUsize) -> Self {
        self.in_flight = Some(commands.get());
        self
    }

    /// After how long a command is given to another partner too, if that one has nothing to do;
    /// five seconds if nothing is said. Never before it has taken four times as long as others did.
    pub fn lag(mut self, lag: Duration) -> Self {
        self.lag = lag;
        self
    }

    /// For how long a map waits when no partner can be reached; a minute if nothing is said.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }
}

/// A lost chunk costs at most this much work twice, and ten commands do ten thousand items.
const MOST_ITEMS: usize = 1000;
