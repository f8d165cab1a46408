//! What falls due: waiting that took too long, results that were kept long enough.

use std::time::Duration;

use telephone::queue::{Clock, Queue};
use telephone::{State, Submission};

use crate::runners::Words;
use crate::storage::{LONG, Place, until};

on_each_storage! {
    results_are_kept_for_their_time,
    what_has_not_ended_is_kept,
    what_waits_too_long_expires_without_having_run,
    what_runs_does_not_expire,
    many_are_deleted_at_once,
}

const MINUTE: Duration = Duration::from_secs(60);

fn clock() -> Clock {
    Clock::by_hand("2026-11-22T08:00:00Z".parse().unwrap())
}

async fn results_are_kept_for_their_time(place: Place) {
    let clock = clock();
    let settings = place.settings().clock(clock.clone()).retention(2 * MINUTE);
    let queue = Queue::open(settings).await.unwrap();
    queue.start(Words::new());
    let first = queue.submit(Submission::new("say 1")).await.unwrap().job.id;
    queue.wait(&first, LONG).await.unwrap();
    clock.advance(MINUTE);
    let second = queue.submit(Submission::new("say 2")).await.unwrap().job.id;
    let end = queue.wait(&second, LONG).await.unwrap().unwrap();
    assert_eq!(end.ended, Some(clock.now()));
    clock.advance(MINUTE);
    until(async || queue.job(&first).await.unwrap().is_none()).await;
    assert_eq!(queue.job(&second).await.unwrap().unwrap(), end);
    clock.advance(MINUTE);
    until(async || queue.job(&second).await.unwrap().is_none()).await;
}

async fn what_has_not_ended_is_kept(place: Place) {
    let clock = clock();
    let settings = place.settings().clock(clock.clone()).retention(MINUTE).concurrency(1);
    let queue = Queue::open(settings).await.unwrap();
    queue.start(Words::new());
    let running = queue.submit(Submission::new("hang")).await.unwrap().job.id;
    let ended = queue.submit(Submission::new("say 1")).await.unwrap().job.id;
    let waiting = queue.submit(Submission::new("say 2")).await.unwrap().job.id;
    queue.cancel(&ended).await.unwrap();
    clock.advance(1000 * MINUTE);
    until(async || queue.job(&ended).await.unwrap().is_none()).await;
    assert_eq!(queue.job(&running).await.unwrap().unwrap().state, State::Running);
    assert_eq!(queue.job(&waiting).await.unwrap().unwrap().state, State::Waiting);
}

async fn what_waits_too_long_expires_without_having_run(place: Place) {
    let clock = clock();
    let queue = Queue::open(place.settings().clock(clock.clone())).await.unwrap();
    let impatient = Submission::new("say 1").expires_after(MINUTE);
    let impatient = queue.submit(impatient).await.unwrap().job.id;
    let patient = Submission::new("say 2").expires_after(2 * MINUTE);
    let patient = queue.submit(patient).await.unwrap().job.id;
    clock.advance(MINUTE);
    let end = queue.wait(&impatient, LONG).await.unwrap().unwrap();
    assert_eq!((end.state, end.attempts, end.started), (State::Expired, 0, None));
    queue.start(Words::new());
    assert_eq!(queue.wait(&patient, LONG).await.unwrap().unwrap().state, State::Finished);
    assert_eq!(queue.job(&impatient).await.unwrap().unwrap(), end);
}

async fn what_runs_does_not_expire(place: Place) {
    let clock = clock();
    let queue = Queue::open(place.settings().clock(clock.clone()).concurrency(1)).await.unwrap();
    let words = Words::new();
    queue.start(words.clone());
    let running = Submission::new("gate 1").expires_after(MINUTE);
    let running = queue.submit(running).await.unwrap().job.id;
    until(async || queue.job(&running).await.unwrap().unwrap().state == State::Running).await;
    let waiting = Submission::new("say 1").expires_after(MINUTE);
    let waiting = queue.submit(waiting).await.unwrap().job.id;
    clock.advance(MINUTE);
    assert_eq!(queue.wait(&waiting, LONG).await.unwrap().unwrap().state, State::Expired);
    words.open();
    assert_eq!(queue.wait(&running, LONG).await.unwrap().unwrap().state, State::Finished);
}

/// More than one sweep takes.
async fn many_are_deleted_at_once(place: Place) {
    let clock = clock();
    let queue = Queue::open(place.settings().clock(clock.clone()).retention(MINUTE)).await.unwrap();
    let submissions = (0..1200).map(|number| {
        let submission = Submission::new(format!("say {number}")).expires_after(MINUTE);
        queue.submit(submission)
    });
    futures_util::future::try_join_all(submissions).await.unwrap();
    clock.advance(MINUTE);
    until(async || queue.counts().await.unwrap().expired == 1200).await;
    clock.advance(MINUTE);
    until(async || queue.counts().await.unwrap().expired == 0).await;
}
