//! A key runs once, however often it is submitted.

use std::time::Duration;

use futures_util::future::join_all;
use telephone::queue::{Clock, Queue, SubmitError};
use telephone::{State, Submission};

use crate::runners::Words;
use crate::storage::{LONG, Place, until};

on_each_storage! {
    a_key_has_one_command,
    a_hundred_at_once_are_one,
    a_hundred_who_disagree_are_one_and_ninety_nine_refusals,
    another_submission_under_a_key_is_refused,
    a_key_lives_as_long_as_its_command,
    a_key_is_found_in_a_full_queue,
}

async fn a_key_has_one_command(place: Place) {
    let queue = place.open().await;
    let first = queue.submit(Submission::new("say 1").key("one")).await.unwrap();
    let other = queue.submit(Submission::new("say 1").key("another")).await.unwrap();
    let without = queue.submit(Submission::new("say 1")).await.unwrap();
    let again = queue.submit(Submission::new("say 1").key("one")).await.unwrap();
    assert!(first.new && other.new && without.new && !again.new);
    assert_eq!(again.job, first.job);
    assert!(first.job.id != other.job.id && first.job.id != without.job.id);
    queue.start(Words::new());
    let end = queue.wait(&first.job.id, LONG).await.unwrap().unwrap();
    let again = queue.submit(Submission::new("say 1").key("one")).await.unwrap();
    assert_eq!((again.job, again.new), (end, false));
}

async fn a_hundred_at_once_are_one(place: Place) {
    let queue = place.open().await;
    queue.start(Words::new());
    let submission = || Submission::new("say once").key("hundred");
    let submitted = join_all((0..100).map(|_| {
        let queue = queue.clone();
        tokio::spawn(async move { queue.submit(submission()).await.unwrap() })
    }));
    let submitted: Vec<_> = submitted.await.into_iter().map(Result::unwrap).collect();
    assert_eq!(submitted.iter().filter(|one| one.new).count(), 1);
    let id = &submitted[0].job.id;
    assert!(submitted.iter().all(|one| one.job.id == *id));
    assert_eq!(queue.wait(id, LONG).await.unwrap().unwrap().attempts, 1);
    assert_eq!(queue.jobs(Default::default()).await.unwrap().len(), 1);
}

async fn a_hundred_who_disagree_are_one_and_ninety_nine_refusals(place: Place) {
    let queue = place.open().await;
    let answers = join_all((0..100).map(|number| {
        let queue = queue.clone();
        let submission = Submission::new(format!("say {number}")).key("hundred");
        tokio::spawn(async move { queue.submit(submission).await })
    }));
    let answers: Vec<_> = answers.await.into_iter().map(Result::unwrap).collect();
    let (taken, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!(taken.len(), 1);
    let winner = taken[0].as_ref().unwrap().job.id.clone();
    for refusal in refused {
        match refusal {
            Err(SubmitError::KeyReused { id }) => assert_eq!(id, winner),
            other => panic!("{other:?}"),
        }
    }
}

async fn another_submission_under_a_key_is_refused(place: Place) {
    let queue = place.open().await;
    let limit = Duration::from_secs(5);
    let submission = Submission::new("say 1").key("k").time_limit(limit).expires_after(limit);
    let first = queue.submit(submission.clone()).await.unwrap();
    let mut others = vec![submission.clone().repeatable()];
    others.push(submission.clone().time_limit(limit * 2));
    others.push(submission.clone().expires_after(limit * 2));
    others.push(Submission::new("say 2").key("k").time_limit(limit).expires_after(limit));
    others.push(Submission::new("say 1").key("k"));
    for other in others {
        match queue.submit(other).await {
            Err(SubmitError::KeyReused { id }) => assert_eq!(id, first.job.id),
            answer => panic!("{answer:?}"),
        }
    }
    assert!(!queue.submit(submission).await.unwrap().new);
    let forever = Submission::new("say 1").key("forever").expires_after(Duration::MAX);
    assert!(queue.submit(forever.clone()).await.unwrap().new);
    assert!(!queue.submit(forever).await.unwrap().new);
}

async fn a_key_lives_as_long_as_its_command(place: Place) {
    let clock = Clock::by_hand("2026-11-22T08:00:00Z".parse().unwrap());
    let settings = place.settings().clock(clock.clone()).retention(Duration::from_secs(60));
    let queue = Queue::open(settings).await.unwrap();
    let first = queue.submit(Submission::new("say 1").key("k")).await.unwrap().job;
    assert_eq!(queue.cancel(&first.id).await.unwrap().unwrap().state, State::Cancelled);
    assert!(queue.submit(Submission::new("say 2").key("k")).await.is_err());
    clock.advance(Duration::from_secs(60));
    until(async || queue.job(&first.id).await.unwrap().is_none()).await;
    assert!(queue.submit(Submission::new("say 2").key("k")).await.unwrap().new);
}

async fn a_key_is_found_in_a_full_queue(place: Place) {
    let queue = Queue::open(place.settings().length(1)).await.unwrap();
    let first = queue.submit(Submission::new("say 1").key("k")).await.unwrap();
    assert!(matches!(
        queue.submit(Submission::new("say 2")).await,
        Err(SubmitError::Full { limit: 1 })
    ));
    assert_eq!(queue.submit(Submission::new("say 1").key("k")).await.unwrap().job, first.job);
}
