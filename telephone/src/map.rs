//! A function over items, done by several partners: the distributed `mapcar`.

mod chunk;
mod crew;
mod errand;
mod outcome;
mod pieces;
mod progress;
mod schedule;
mod settings;
#[cfg(test)]
mod tests;
mod worker;

use std::future::pending;

use thiserror::Error;

use crate::partner::Partner;

pub use outcome::Outcome;
pub use progress::{MapProgress, PartnerProgress};
pub use settings::MapSettings;

/// A function over items, to be done by several partners.
///
/// The function is Lisp text, a name or a lambda; so is each item, which is data and not evaluated.
/// Items go to partners in chunks that grow while they are quick, each of which is one command, in
/// text that an original Lisp partner runs as well. A partner that fails is left alone, for longer
/// each time, and gets work again when it is back; what it had goes to others. So does a chunk that
/// a partner is slow with, as soon as another one has nothing to do: the first answer counts, and
/// the other command is cancelled. A chunk that ends as a whole, by a limit for example, is tried
/// again in parts, in the end item by item, so that only the guilty item unwinds.
///
/// # How often the function runs
/// Once for each item as long as nothing goes wrong, and otherwise at least once for each that has a
/// value: work that is lost with a partner, or lags, is given to another one, and the commands are
/// submitted as repeatable. A function with effects must be one that may run twice.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use telephone::partner::Partner;
/// use telephone::{Map, Outcome};
///
/// let partners = [Partner::new("http://kitchen:4242")?, Partner::new("http://attic:4242")?];
/// let map = Map::new("(lambda (x) (/ 12 x))", ["4", "0", "5"])?;
/// let outcomes = map.run(&partners, |progress| eprintln!("{} of {}", progress.done, progress.of)).await;
/// assert_eq!(outcomes[0], Outcome::Finished("3".to_owned()));
/// assert!(matches!(&outcomes[1], Outcome::Unwound(hint) if hint.condition == "DIVISION-BY-ZERO"));
/// assert_eq!(outcomes[2], Outcome::Finished("12/5".to_owned()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Map {
    /// As an operator is written.
    function: String,
    /// Each is one datum.
    items: Vec<String>,
    settings: MapSettings,
}

impl Map {
    /// This function over these items. Each text is read once, to see that it is one form.
    ///
    /// # Errors
    /// [`MapError`] if one is not.
    pub fn new<I>(function: &str, items: I) -> Result<Self, MapError>
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        let items = items.into_iter().map(Into::into).collect::<Vec<_>>();
        for (index, item) in items.iter().enumerate() {
            chunk::item(index, item)?;
        }
        let function = chunk::function(function)?;
        Ok(Self { function, items, settings: MapSettings::default() })
    }

    /// With these settings instead of the usual ones.
    pub fn settings(mut self, settings: MapSettings) -> Self {
        self.settings = settings;
        self
    }

    /// Does it; the outcomes are in the items' order. `progress` is called after each change.
    ///
    /// # Cancel safety
    /// Dropping the future keeps nothing, and the partners finish the commands that they have.
    /// [`run_until`](Self::run_until) calls those off.
    pub async fn run(
        &self,
        partners: &[Partner],
        progress: impl FnMut(&MapProgress),
    ) -> Vec<Outcome> {
        self.run_until(partners, pending(), progress).await
    }

    /// Does it until `stop` is ready; then cancels what the partners have, which takes four seconds
    /// at most, and gives what is done. The rest is [`Outcome::Lost`].
    pub async fn run_until(
        &self,
        partners: &[Partner],
        stop: impl Future<Output = ()>,
        progress: impl FnMut(&MapProgress),
    ) -> Vec<Outcome> {
        schedule::run(self, partners.to_vec(), stop, progress).await
    }
}

/// A map that cannot be one.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum MapError {
    /// The function is not one form.
    #[error("the function of a map is a name or a lambda: {reason}")]
    Function {
        /// What is wrong with it.
        reason: String,
    },
    /// An item is not one datum.
    #[error("item {index} (the first is 0) is not one datum: {reason}")]
    Item {
        /// Which.
        index: usize,
        /// What is wrong with it.
        reason: String,
    },
}
