//! The runs of this server.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

use crate::job::{Job, JobId, Progress, State};

/// What runs here, as the database has it: an entry is made when a claim was committed, and goes
/// when the end was, whoever wrote it.
#[derive(Debug, Default)]
pub(super) struct Running {
    runs: Mutex<HashMap<JobId, Run>>,
}

#[derive(Debug)]
struct Run {
    /// As it was claimed, and its progress since.
    job: Job,
    /// Cancelled when the command has ended without this run, which is dropped then.
    over: CancellationToken,
    /// Whether its progress is not told yet.
    has_news: bool,
}

impl Running {
    pub(super) fn begin(&self, job: &Job, over: CancellationToken) {
        self.lock().insert(job.id.clone(), Run { job: job.clone(), over, has_news: false });
    }

    /// Takes out a run that `job`, which is as the database has it, says is over.
    pub(super) fn notice(&self, job: &Job) {
        let mut runs = self.lock();
        let is_over = runs.get(&job.id).is_some_and(|run| {
            job.attempts > run.job.attempts
                || (job.attempts == run.job.attempts && job.state != State::Running)
        });
        if is_over {
            end(&mut runs, &job.id);
        }
    }

    /// Takes out all runs but these.
    pub(super) fn keep_only(&self, kept: &HashMap<JobId, u32>) -> usize {
        let mut runs = self.lock();
        let lost: Vec<JobId> = runs
            .values()
            .filter(|run| kept.get(&run.job.id) != Some(&run.job.attempts))
            .map(|run| run.job.id.clone())
            .collect();
        for id in &lost {
            end(&mut runs, id);
        }
        lost.len()
    }

    /// The token of this attempt, if it is not over yet.
    pub(super) fn over(&self, job: &Job) -> Option<CancellationToken> {
        let runs = self.lock();
        let run = runs.get(&job.id).filter(|run| run.job.attempts == job.attempts)?;
        Some(run.over.clone())
    }

    pub(super) fn has(&self, id: &JobId) -> bool {
        self.lock().contains_key(id)
    }

    pub(super) fn progress(&self, id: &JobId, attempt: u32, progress: Progress) {
        let mut runs = self.lock();
        if let Some(run) = runs.get_mut(id).filter(|run| run.job.attempts == attempt) {
            run.job.progress = Some(progress);
            run.has_news = true;
        }
    }

    /// Fills in the progress, of which the database is behind by a beat.
    pub(super) fn complete(&self, job: &mut Job) {
        if job.state == State::Running {
            let runs = self.lock();
            let here = runs.get(&job.id).filter(|run| run.job.attempts == job.attempts);
            if let Some(progress) = here.and_then(|run| run.job.progress.clone()) {
                job.progress = Some(progress);
            }
        }
    }

    /// The runs whose progress was not told yet.
    pub(super) fn news(&self) -> Vec<Job> {
        let mut news = Vec::new();
        for run in self.lock().values_mut().filter(|run| run.has_news) {
            run.has_news = false;
            news.push(run.job.clone());
        }
        news
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<JobId, Run>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn end(runs: &mut HashMap<JobId, Run>, id: &JobId) {
    if let Some(run) = runs.remove(id) {
        run.over.cancel();
    }
}
