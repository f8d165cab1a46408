//! A handle that keeps nothing.

use std::sync::{Arc, Weak};

use crate::handle::Wire;
use crate::handle::shared::Shared;

/// A handle of a wire that does not keep it open; made by [`Wire::downgrade`].
///
/// For what a wire's own values and functions keep: a room that a wire holds, holding the wire.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use wire::{Wire, functions};
///
/// let (here, there) = Wire::pair(functions![], functions![])?;
/// let weak = here.downgrade();
/// assert_eq!(weak.upgrade(), Some(here.clone()));
/// drop(here);
/// there.closed().await;
/// assert_eq!(weak.upgrade(), None);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct WeakWire(Weak<Shared>);

impl WeakWire {
    pub(crate) fn of(shared: &Arc<Shared>) -> Self {
        Self(Arc::downgrade(shared))
    }

    /// The wire, unless it is over.
    pub fn upgrade(&self) -> Option<Wire> {
        let shared = self.0.upgrade()?;
        let open = shared.over().is_none() && !shared.is_abandoned();
        open.then(|| Wire::of(&shared))
    }
}
