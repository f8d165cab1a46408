//! Who is told of changes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use crate::job::{Job, JobId};

/// Those who follow one command, and those who follow all.
#[derive(Debug)]
pub(super) struct Notices {
    all: broadcast::Sender<Notice>,
    each: Mutex<HashMap<JobId, broadcast::Sender<Notice>>>,
}

#[derive(Clone, Debug)]
pub(super) enum Notice {
    Changed(Arc<Job>),
    /// That many or more changes went by untold.
    Missed(u64),
}

impl Notices {
    pub(super) fn publish(&self, job: &Job) {
        let each = self.lock().get(&job.id).cloned();
        if each.is_none() && self.all.receiver_count() == 0 {
            return;
        }
        let notice = Notice::Changed(Arc::new(job.clone()));
        // That nobody listens is no failure.
        if let Some(each) = each {
            let _ = each.send(notice.clone());
        }
        let _ = self.all.send(notice);
    }

    /// Has everybody look again.
    pub(super) fn missed(&self) {
        for each in self.lock().values() {
            let _ = each.send(Notice::Missed(1));
        }
        let _ = self.all.send(Notice::Missed(1));
    }

    /// Whether anybody wants to hear of this command.
    pub(super) fn wants(&self, id: &JobId) -> bool {
        self.all.receiver_count() > 0 || self.lock().contains_key(id)
    }

    pub(super) fn all(&self) -> broadcast::Receiver<Notice> {
        self.all.subscribe()
    }

    pub(super) fn one(self: &Arc<Self>, id: &JobId) -> Subscription {
        let mut each = self.lock();
        let sender = each.entry(id.clone()).or_insert_with(|| broadcast::channel(EACH).0);
        let receiver = Some(sender.subscribe());
        drop(each);
        Subscription { notices: Arc::clone(self), id: id.clone(), receiver }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<JobId, broadcast::Sender<Notice>>> {
        self.each.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Notices {
    fn default() -> Self {
        Self { all: broadcast::channel(ALL).0, each: Mutex::default() }
    }
}

/// One who follows one command.
#[derive(Debug)]
pub(super) struct Subscription {
    notices: Arc<Notices>,
    id: JobId,
    /// There until it is dropped.
    receiver: Option<broadcast::Receiver<Notice>>,
}

impl Subscription {
    pub(super) fn id(&self) -> &JobId {
        &self.id
    }

    pub(super) async fn next(&mut self) -> Option<Notice> {
        next(self.receiver.as_mut()?).await
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut each = self.notices.lock();
        self.receiver = None;
        if each.get(&self.id).is_some_and(|sender| sender.receiver_count() == 0) {
            each.remove(&self.id);
        }
    }
}

pub(super) async fn next(receiver: &mut broadcast::Receiver<Notice>) -> Option<Notice> {
    match receiver.recv().await {
        Ok(notice) => Some(notice),
        Err(RecvError::Lagged(missed)) => Some(Notice::Missed(missed)),
        Err(RecvError::Closed) => None,
    }
}

/// For one who follows all: what happens in a second or so. A slow one keeps this many values in
/// memory.
const ALL: usize = 256;
/// For one who follows a command: it changes a few times, and tells its progress once a beat.
const EACH: usize = 16;
