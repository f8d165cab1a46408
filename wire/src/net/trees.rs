//! Call trees on their way.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Waker};

use tokio::runtime::Handle;
use tracing::Instrument;

type Run = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The call trees of one wire that wait for something.
///
/// They stay on the wire's task, where a single call that waits would get a task of its own: what
/// is left of a tree may hold plain functions, of which no two of one wire run at once.
#[derive(Default)]
pub(crate) struct Trees {
    waiting: Vec<Tree>,
}

struct Tree {
    /// By what its caller may cancel it.
    id: Option<u32>,
    run: Run,
}

impl Trees {
    /// Runs a tree until it first waits: calls start in the order in which they came.
    pub(crate) fn start(&mut self, id: Option<u32>, mut run: Run) {
        // What it waits for learns its real waker in this same turn.
        let mut cx = Context::from_waker(Waker::noop());
        if run.as_mut().poll(&mut cx).is_pending() {
            self.waiting.push(Tree { id, run });
        }
    }

    /// Whether none waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Drives all of them. There are few: each is asked, whichever was woken.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) {
        self.waiting.retain_mut(|tree| tree.run.as_mut().poll(cx).is_pending());
    }

    /// Drops the tree that has this id; says whether there was one. Its caller is told by the drop.
    pub(crate) fn cancel(&mut self, id: u32) -> bool {
        let place = self.waiting.iter().position(|tree| tree.id == Some(id));
        place.map(|place| self.waiting.swap_remove(place)).is_some()
    }
}

/// Functions that run when their wire ends run on.
impl Drop for Trees {
    fn drop(&mut self) {
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        for tree in self.waiting.drain(..) {
            runtime.spawn(tree.run.in_current_span());
        }
    }
}
