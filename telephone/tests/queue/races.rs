//! Endings that race: exactly one is recorded, and it stays.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::StreamExt;
use futures_util::future::{BoxFuture, join_all};
use telephone::queue::{Change, ProgressSink, Queue, Runner};
use telephone::{Hint, Job, Progress, State, Submission};

use crate::runners::Words;
use crate::storage::{LONG, Place, until};

on_each_storage! {
    cancels_race_with_ends,
    many_cancel_at_once,
    progress_never_comes_after_the_end,
    a_slow_follower_sees_the_end,
    dropping_a_submission_loses_nothing,
}

/// Counts those that came to their end.
#[derive(Default)]
struct Ending(AtomicU32);

impl Runner for Ending {
    fn run(&self, _: Job, _: ProgressSink) -> BoxFuture<'_, Result<String, Hint>> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            self.0.fetch_add(1, Ordering::SeqCst);
            Ok("done".to_owned())
        })
    }
}

async fn cancels_race_with_ends(place: Place) {
    let queue = Queue::open(place.settings().concurrency(8)).await.unwrap();
    let ending = Arc::new(Ending::default());
    queue.start(ending.clone());
    let races = (0..100).map(|number| {
        let queue = queue.clone();
        tokio::spawn(async move {
            let id = queue.submit(Submission::new(format!("{number}"))).await.unwrap().job.id;
            let followed = queue.follow(&id).collect::<Vec<_>>();
            let (followed, told) = tokio::join!(followed, queue.cancel(&id));
            let told = told.unwrap().unwrap();
            assert!(told.state.is_ended());
            assert_eq!(followed.last().unwrap(), &told);
            assert_eq!(followed.iter().filter(|job| job.state.is_ended()).count(), 1);
            assert_eq!(queue.job(&id).await.unwrap().unwrap(), told);
            told
        })
    });
    let ends: Vec<Job> = join_all(races).await.into_iter().map(Result::unwrap).collect();
    let finished = ends.iter().filter(|job| job.state == State::Finished).count();
    assert!(ends.iter().all(|job| matches!(job.state, State::Finished | State::Cancelled)));
    assert!(finished <= ending.0.load(Ordering::SeqCst) as usize);
    let counts = queue.counts().await.unwrap();
    assert_eq!((counts.waiting, counts.running), (0, 0));
}

async fn many_cancel_at_once(place: Place) {
    let queue = place.open().await;
    queue.start(Words::new());
    let mut changes = Box::pin(queue.changes());
    let id = queue.submit(Submission::new("hang")).await.unwrap().job.id;
    until(async || queue.job(&id).await.unwrap().unwrap().state == State::Running).await;
    let told = join_all((0..50).map(|_| queue.cancel(&id))).await;
    let first = told[0].as_ref().unwrap().clone().unwrap();
    assert!(told.iter().all(|job| job.as_ref().unwrap().as_ref() == Some(&first)));
    let next = queue.submit(Submission::new("say next")).await.unwrap().job.id;
    let mut ends = 0;
    loop {
        match changes.next().await.unwrap() {
            Change::Job(job) if job.id == next => break,
            Change::Job(job) => ends += usize::from(job.state.is_ended()),
            missed => panic!("{missed:?}"),
        }
    }
    assert_eq!(ends, 1);
}

/// Tells its progress until it ends, and from another task after that.
struct Talkative;

impl Runner for Talkative {
    fn run(&self, _: Job, progress: ProgressSink) -> BoxFuture<'_, Result<String, Hint>> {
        let later = progress.clone();
        tokio::spawn(async move {
            for step in 0..200 {
                later.report(Progress::new(f64::from(step) / 200.0, "later"));
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            }
        });
        Box::pin(async move {
            for step in 0..1000 {
                progress.report(Progress::new(f64::from(step) / 1000.0, "x".repeat(5000)));
                if step % 20 == 0 {
                    tokio::time::sleep(std::time::Duration::from_millis(1)).await;
                }
            }
            Ok("said".to_owned())
        })
    }
}

async fn progress_never_comes_after_the_end(place: Place) {
    let settings = place.settings().concurrency(4).beat(std::time::Duration::from_millis(1));
    let queue = Queue::open(settings).await.unwrap();
    let mut changes = Box::pin(queue.changes());
    queue.start(Arc::new(Talkative));
    for _ in 0..8 {
        queue.submit(Submission::new("talk")).await.unwrap();
    }
    let mut ended = Vec::new();
    let mut news = 0;
    while ended.len() < 8 {
        // A reader that is slower than the queue is told so.
        if let Change::Job(job) = changes.next().await.unwrap() {
            assert!(!ended.contains(&job.id), "{job:?}");
            if let Some(progress) = &job.progress {
                assert!(progress.note.len() <= 1024);
                news += 1;
            }
            if job.state.is_ended() {
                ended.push(job.id);
            }
        }
        if ended.len() < 8 && queue.counts().await.unwrap().finished == 8 {
            break;
        }
    }
    assert!(news > 0);
    for job in queue.jobs(Default::default()).await.unwrap() {
        let job = queue.wait(&job.id, LONG).await.unwrap().unwrap();
        assert_eq!((job.state, job.progress), (State::Finished, None));
    }
}

async fn a_slow_follower_sees_the_end(place: Place) {
    let queue =
        Queue::open(place.settings().beat(std::time::Duration::from_millis(1))).await.unwrap();
    let job = queue.submit(Submission::new("talk")).await.unwrap().job;
    let followed = queue.follow(&job.id);
    queue.start(Arc::new(Talkative));
    let end = queue.wait(&job.id, LONG).await.unwrap().unwrap();
    let seen: Vec<Job> = followed.collect().await;
    assert_eq!(seen.last(), Some(&end));
    assert_eq!(seen.iter().filter(|job| job.state.is_ended()).count(), 1);
}

/// Whoever stops waiting for an id may find his command by its key.
async fn dropping_a_submission_loses_nothing(place: Place) {
    let queue = place.open().await;
    for number in 0..30 {
        let submission = Submission::new("say 1").key(format!("key {number}"));
        let time = std::time::Duration::from_micros(100 * number);
        let first = tokio::time::timeout(time, queue.submit(submission.clone())).await;
        let again = queue.submit(submission).await.unwrap();
        if let Ok(first) = first {
            assert_eq!(first.unwrap().job, again.job);
        }
    }
    let jobs = queue.jobs(Default::default()).await.unwrap();
    assert_eq!(jobs.len(), 30);
}
