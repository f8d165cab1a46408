//! What the tasks of a queue share.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::job::{Job, JobId, State};

use super::notices::Notices;
use super::runner::Runner;
use super::running::Running;
use super::settings::QueueSettings;
use super::store::Store;

pub(super) struct Shared {
    pub(super) settings: QueueSettings,
    pub(super) store: Store,
    /// What the rows of commands bear that run here. Another life of the same server has another
    /// name.
    pub(super) server: String,
    pub(super) notices: Arc<Notices>,
    pub(super) running: Arc<Running>,
    /// Held from a change to its publication, so that changes are published in their order,
    /// though another server's are heard of by another task.
    pub(super) order: tokio::sync::Mutex<()>,
    taking: AtomicBool,
    runner: Mutex<Option<Arc<dyn Runner>>>,
    /// Wakes the task that takes commands.
    pub(super) wake: Notify,
    /// Free places for runs.
    pub(super) places: Arc<Semaphore>,
    /// The end of all tasks.
    pub(super) closing: CancellationToken,
    pub(super) tasks: TaskTracker,
    pub(super) runs: TaskTracker,
}

impl Shared {
    pub(super) fn new(settings: QueueSettings, store: Store) -> Self {
        let places = settings.concurrency.min(Semaphore::MAX_PERMITS);
        Self {
            settings,
            store,
            server: JobId::random().to_string(),
            notices: Arc::default(),
            running: Arc::default(),
            order: tokio::sync::Mutex::default(),
            taking: AtomicBool::new(false),
            runner: Mutex::default(),
            wake: Notify::new(),
            places: Arc::new(Semaphore::new(places)),
            closing: CancellationToken::new(),
            tasks: TaskTracker::new(),
            runs: TaskTracker::new(),
        }
    }

    /// Tells everybody of a command as the database has it since just now.
    pub(super) fn publish(&self, job: &Job) {
        self.running.notice(job);
        self.notices.publish(job);
        if job.state == State::Waiting {
            self.wake.notify_one();
        }
    }

    /// Has everybody look at the database who waits for its changes: some went by untold.
    pub(super) fn look_again(&self) {
        self.notices.missed();
        self.wake.notify_one();
    }

    /// What runs commands, while they are taken.
    pub(super) fn runner(&self) -> Option<Arc<dyn Runner>> {
        let runner = self.runner.lock().unwrap_or_else(PoisonError::into_inner);
        runner.clone().filter(|_| self.is_taking())
    }

    pub(super) fn start(&self, runner: Arc<dyn Runner>) {
        *self.runner.lock().unwrap_or_else(PoisonError::into_inner) = Some(runner);
        self.taking.store(true, Ordering::SeqCst);
        self.wake.notify_one();
    }

    pub(super) fn stop(&self) {
        self.taking.store(false, Ordering::SeqCst);
    }

    pub(super) fn is_taking(&self) -> bool {
        // The end drops runs, and what waits must not get their places.
        self.taking.load(Ordering::SeqCst) && !self.closing.is_cancelled()
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue")
            .field("storage", &self.settings.storage)
            .field("server", &self.server)
            .field("taking", &self.is_taking())
            .finish_non_exhaustive()
    }
}
