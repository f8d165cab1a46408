//! What a server's handles share with it, and the handle.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use slab::Slab;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::handle::Wire;

/// A server that serves: where, until when, and whom.
pub(crate) struct Serving {
    pub(crate) address: Option<SocketAddr>,
    pub(crate) stop: CancellationToken,
    /// The tasks of the wires.
    pub(crate) tasks: TaskTracker,
    wires: Mutex<Slab<Wire>>,
}

impl Serving {
    pub(crate) fn at(address: Option<SocketAddr>) -> Arc<Self> {
        Arc::new(Self {
            address,
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            wires: Mutex::new(Slab::new()),
        })
    }

    /// The wires, which the server owns until they end.
    pub(crate) fn wires(&self) -> MutexGuard<'_, Slab<Wire>> {
        // No code of users runs under the lock.
        self.wires.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Controls a server while it serves; made by [`RequestServer::handle`](crate::RequestServer::handle).
#[derive(Clone)]
pub struct ServerHandle {
    pub(super) serving: Arc<Serving>,
}

impl ServerHandle {
    /// The address that the server is bound to; `None` for a Unix socket.
    pub fn local_addr(&self) -> Option<SocketAddr> {
        self.serving.address
    }

    /// The wires that the server serves just now.
    pub fn wires(&self) -> Vec<Wire> {
        self.serving.wires().iter().map(|(_, wire)| wire.clone()).collect()
    }

    /// Stops accepting, while the wires go on (`destroy-request-server`).
    pub fn stop_accepting(&self) {
        self.serving.stop.cancel();
    }

    /// Stops accepting, closes every wire in good order, and waits up to `grace` for them to end, as
    /// they do when the calls that run have been answered; those that have not are aborted. Says
    /// whether all ended in time.
    pub async fn shutdown(&self, grace: Duration) -> bool {
        self.stop_accepting();
        // The wires' own deadlines come after ours, which tells whether all ended in time.
        let later = grace.saturating_add(Duration::from_secs(1));
        for wire in self.wires() {
            drop(wire.close_within("the server shuts down", Some(later)));
        }
        self.serving.tasks.close();
        let all = timeout(grace, self.serving.tasks.wait()).await.is_ok();
        for wire in self.wires() {
            wire.abort("the server shut down");
        }
        all
    }
}

impl fmt::Debug for ServerHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerHandle")
            .field("address", &self.serving.address)
            .finish_non_exhaustive()
    }
}
