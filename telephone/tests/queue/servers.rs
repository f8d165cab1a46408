//! Several servers of one queue, and one that wants what another has.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use futures_util::StreamExt;
use futures_util::future::{BoxFuture, join_all};
use telephone::queue::{Change, ProgressSink, Queue, QueueError, Runner};
use telephone::{Hint, Job, JobId, State, Submission};

use crate::child::{Child, Task};
use crate::runners::Words;
use crate::storage::{LONG, Place, until};

#[tokio::test]
async fn a_file_has_one_server() {
    let place = Place::file();
    let queue = place.open().await;
    let refusal = Queue::open(place.settings()).await.unwrap_err();
    assert!(matches!(refusal, QueueError::Taken { .. }));
    assert!(refusal.to_string().contains("belongs to another server"), "{refusal}");
    queue.shutdown(LONG).await.unwrap();
    place.open().await;
}

#[tokio::test]
async fn nobody_else_can_read_a_file() {
    use std::os::unix::fs::MetadataExt;
    let place = Place::file();
    let queue = place.open().await;
    queue.submit(Submission::new("say secret")).await.unwrap();
    let telephone::queue::Storage::File(path) = place.storage() else { panic!() };
    for entry in std::fs::read_dir(path.parent().unwrap()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().mode() & 0o077, 0, "{}", entry.path().display());
    }
}

/// Counts how often it ran each.
#[derive(Default)]
struct Counting(Mutex<HashMap<JobId, u32>>);

impl Runner for Counting {
    fn run(&self, job: Job, _: ProgressSink) -> BoxFuture<'_, Result<String, Hint>> {
        *self.0.lock().unwrap().entry(job.id).or_default() += 1;
        Box::pin(async { Ok(String::new()) })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_run_each_command_once() {
    let Some(place) = Place::postgres() else { return };
    let (one, two) = (place.open().await, place.open().await);
    let counting = Arc::new(Counting::default());
    one.start(counting.clone());
    two.start(counting.clone());
    let submissions = (0..2000).map(|number| {
        let queue = if number % 2 == 0 { &one } else { &two };
        queue.submit(Submission::new(format!("{number}")))
    });
    let ids: Vec<_> = join_all(submissions).await.into_iter().map(|s| s.unwrap().job.id).collect();
    for (number, id) in ids.iter().enumerate() {
        let queue = if number % 3 == 0 { &one } else { &two };
        assert_eq!(queue.wait(id, LONG).await.unwrap().unwrap().state, State::Finished);
    }
    let runs = counting.0.lock().unwrap();
    assert_eq!(runs.len(), 2000);
    assert!(runs.values().all(|times| *times == 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_hear_of_each_others_changes() {
    let Some(place) = Place::postgres() else { return };
    let (one, two) = (place.open().await, place.open().await);
    let mut changes = Box::pin(one.changes());
    let words = Words::new();
    two.start(words.clone());
    let id = one.submit(Submission::new("gate 7")).await.unwrap().job.id;
    let mut seen = Vec::new();
    let waited = tokio::spawn({
        let (one, id) = (one.clone(), id.clone());
        async move { one.wait(&id, LONG).await.unwrap().unwrap() }
    });
    while seen.last() != Some(&State::Finished) {
        match changes.next().await.unwrap() {
            Change::Job(job) => seen.push(job.state),
            missed => panic!("{missed:?}"),
        }
        if seen.last() == Some(&State::Running) {
            words.open();
        }
    }
    assert_eq!(seen, [State::Waiting, State::Running, State::Finished]);
    assert_eq!(waited.await.unwrap().value.as_deref(), Some("7"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_drops_what_another_cancelled() {
    let Some(place) = Place::postgres() else { return };
    let one = place.open().await;
    let child = Child::start(&place, Task::Serve);
    let id = one.submit(Submission::new("hang")).await.unwrap().job.id;
    until(async || one.job(&id).await.unwrap().unwrap().state == State::Running).await;
    until(async || !place.log().lines().is_empty()).await;
    assert_eq!(one.cancel(&id).await.unwrap().unwrap().state, State::Cancelled);
    until(async || place.ended().lines() == [id.to_string()]).await;
    child.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dead_are_accounted_for_by_the_living() {
    let Some(place) = Place::postgres() else { return };
    let one = place.open().await;
    let child = Child::start(&place, Task::Serve);
    let once = one.submit(Submission::new("hang")).await.unwrap().job.id;
    let again = one.submit(Submission::new("hang").repeatable()).await.unwrap().job.id;
    until(async || place.log().lines().len() == 2).await;
    child.kill();
    let end = one.wait(&once, LONG).await.unwrap().unwrap();
    assert_eq!((end.state, end.attempts), (State::Interrupted, 1));
    until(async || one.job(&again).await.unwrap().unwrap().state == State::Waiting).await;
}

/// A server that was stopped for long is taken for dead. When it goes on, what it ran is not its
/// own any more: it notices, drops it, and changes nothing of what others wrote.
#[tokio::test(flavor = "multi_thread")]
async fn one_that_comes_back_from_the_dead_overwrites_nothing() {
    let Some(place) = Place::postgres() else { return };
    let one = place.open().await;
    let child = Child::start(&place, Task::Serve);
    let once = one.submit(Submission::new("hang")).await.unwrap().job.id;
    until(async || place.log().lines().len() == 1).await;
    child.signal("-STOP");
    let end = one.wait(&once, LONG).await.unwrap().unwrap();
    assert_eq!(end.state, State::Interrupted);
    assert!(place.ended().lines().is_empty());
    child.signal("-CONT");
    until(async || place.ended().lines() == [once.to_string()]).await;
    assert_eq!(one.job(&once).await.unwrap().unwrap(), end);
    // And it works again.
    let next = one.submit(Submission::new("log")).await.unwrap().job.id;
    assert_eq!(one.wait(&next, LONG).await.unwrap().unwrap().state, State::Finished);
    child.kill();
}
