//! What a server's handles share with it, and the handle.

use std::fmt;
use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use slab::Slab;
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::handle::Wire;

/// A server that serves: where, until when, and whom.
pub(crate) struct Serving {
    pub(crate) address: Option<SocketAddr>,
    stopped: AtomicBool,
    /// Wakes whoever accepts, of whom there is one.
    stop: Notify,
    wires: Mutex<Slab<Wire>>,
    /// The tasks of the wires, which outlive their wires by what they still do.
    tasks: AtomicUsize,
    all_ended: Notify,
}

impl Serving {
    pub(crate) fn at(address: Option<SocketAddr>) -> Arc<Self> {
        Arc::new(Self {
            address,
            stopped: AtomicBool::new(false),
            stop: Notify::new(),
            wires: Mutex::new(Slab::new()),
            tasks: AtomicUsize::new(0),
            all_ended: Notify::new(),
        })
    }

    fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
        // Kept for one that does not wait yet.
        self.stop.notify_one();
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }

    /// What comes of `accept`, unless the server is stopped first.
    pub(crate) async fn unless_stopped<T>(&self, accept: impl Future<Output = T>) -> Option<T> {
        let (mut stop, mut accept) = (pin!(self.stop.notified()), pin!(accept));
        poll_fn(|cx| match stop.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(None),
            Poll::Pending => accept.as_mut().poll(cx).map(Some),
        })
        .await
    }

    /// The wires, which the server owns until they end.
    pub(crate) fn wires(&self) -> MutexGuard<'_, Slab<Wire>> {
        // No code of users runs under the lock.
        self.wires.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a task, until what this returns is dropped with it.
    pub(crate) fn task(self: &Arc<Self>) -> ServingTask {
        self.tasks.fetch_add(1, Ordering::Relaxed);
        ServingTask(Arc::clone(self))
    }

    /// Waits until there is no task.
    pub(crate) async fn tasks_ended(&self) {
        loop {
            // Made first, so that it hears of a task that ends from here on.
            let ended = self.all_ended.notified();
            if self.tasks.load(Ordering::Acquire) == 0 {
                return;
            }
            ended.await;
        }
    }
}

/// What the task of a server's wire holds.
pub(crate) struct ServingTask(Arc<Serving>);

impl Drop for ServingTask {
    fn drop(&mut self) {
        if self.0.tasks.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.0.all_ended.notify_waiters();
        }
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
        self.serving.stop();
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
        let all = timeout(grace, self.serving.tasks_ended()).await.is_ok();
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

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    #[tokio::test]
    async fn a_stop_is_kept_for_who_accepts_only_later() {
        let serving = Serving::at(None);
        assert_eq!(serving.unless_stopped(async { 1 }).await, Some(1));
        serving.stop();
        serving.stop();
        assert!(serving.is_stopped());
        assert_eq!(serving.unless_stopped(pending::<i32>()).await, None);
    }

    #[tokio::test]
    async fn all_who_wait_for_the_tasks_hear_of_the_last() {
        let serving = Serving::at(None);
        serving.tasks_ended().await;
        let tasks = [serving.task(), serving.task()];
        let waiting = [(); 2].map(|()| {
            let serving = Arc::clone(&serving);
            tokio::spawn(async move { serving.tasks_ended().await })
        });
        for task in tasks {
            tokio::task::yield_now().await;
            assert!(waiting.iter().all(|waits| !waits.is_finished()));
            drop(task);
        }
        for waits in waiting {
            waits.await.unwrap();
        }
    }
}
