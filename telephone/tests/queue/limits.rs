//! What a queue does not take, and how it says so.

use futures_util::future::join_all;
use telephone::queue::{Queue, QueueError, QueueSettings, SubmitError};
use telephone::{State, Submission};

use crate::runners::Words;
use crate::storage::{LONG, Place};

on_each_storage! {
    a_full_queue_refuses_and_goes_on,
    many_at_once_do_not_pass_the_limit,
    lengths_are_limited,
}

async fn a_full_queue_refuses_and_goes_on(place: Place) {
    let queue = Queue::open(place.settings().length(3)).await.unwrap();
    let mut ids = Vec::new();
    for number in 0..3 {
        ids.push(queue.submit(Submission::new(format!("say {number}"))).await.unwrap().job.id);
    }
    let refusal = queue.submit(Submission::new("say 4")).await.unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "the queue is full: 3 commands wait, as many as `QueueSettings::length` allows"
    );
    queue.cancel(&ids[1]).await.unwrap();
    ids.push(queue.submit(Submission::new("say 4")).await.unwrap().job.id);
    assert!(queue.submit(Submission::new("say 5")).await.is_err());
    queue.start(Words::new());
    for id in ids {
        assert!(queue.wait(&id, LONG).await.unwrap().unwrap().state.is_ended());
    }
    assert!(queue.submit(Submission::new("say 5")).await.unwrap().new);
}

async fn many_at_once_do_not_pass_the_limit(place: Place) {
    let settings = || place.settings().length(20);
    let queue = Queue::open(settings()).await.unwrap();
    // Where two servers can share the queue, they do.
    let other = Queue::open(settings()).await.ok().filter(|_| place.is_shared());
    let submissions = (0..100).map(|number| {
        let queue = if number % 2 == 0 { other.as_ref().unwrap_or(&queue) } else { &queue }.clone();
        tokio::spawn(async move { queue.submit(Submission::new(format!("say {number}"))).await })
    });
    let answers = join_all(submissions).await;
    let taken = answers.iter().filter(|answer| answer.as_ref().unwrap().is_ok()).count();
    assert_eq!(taken, 20);
    assert_eq!(queue.counts().await.unwrap().waiting, 20);
}

async fn lengths_are_limited(place: Place) {
    let queue = Queue::open(place.settings().command_length(10).key_length(4)).await.unwrap();
    queue.submit(Submission::new("say 567890").key("four")).await.unwrap();
    let refusal = queue.submit(Submission::new("say 5678901")).await.unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "the command is 11 octets long, and `QueueSettings::command_length` is 10"
    );
    let refusal = queue.submit(Submission::new("say 1").key("five5")).await.unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "the key is 5 octets long, and `QueueSettings::key_length` is 4"
    );
    assert_eq!(queue.jobs(Default::default()).await.unwrap().len(), 1);
}

/// A database that may not grow is to SQLite what a full disk is.
#[tokio::test]
async fn a_full_disk_refuses_and_the_queue_stays_well() {
    let place = Place::file();
    let queue = Queue::open(place.settings().database_size(256 << 10)).await.unwrap();
    let mut ids = Vec::new();
    let refusal = loop {
        let command = format!("say {}", "x".repeat(20_000));
        match queue.submit(Submission::new(command)).await {
            Ok(submitted) => ids.push(submitted.job.id),
            Err(refusal) => break refusal,
        }
    };
    assert!(matches!(refusal, SubmitError::Queue(QueueError::NoRoom { .. })), "{refusal}");
    assert!(refusal.to_string().contains("`QueueSettings::database_size`"), "{refusal}");
    assert!(!ids.is_empty() && queue.counts().await.unwrap().waiting == ids.len() as u64);

    // Those that are in it are cancelled, deleted, and leave room for others.
    for id in &ids {
        assert_eq!(queue.cancel(id).await.unwrap().unwrap().state, State::Cancelled);
    }
    queue.shutdown(LONG).await.unwrap();
    let settings = place.settings().retention(std::time::Duration::ZERO);
    let queue = Queue::open(settings.database_size(256 << 10)).await.unwrap();
    crate::storage::until(async || queue.counts().await.unwrap().cancelled == 0).await;
    queue.start(Words::new());
    let command = format!("say {}", "x".repeat(20_000));
    let mut changes = Box::pin(queue.changes());
    queue.submit(Submission::new(command)).await.unwrap();
    loop {
        match futures_util::StreamExt::next(&mut changes).await.unwrap() {
            telephone::queue::Change::Job(job) if job.state.is_ended() => {
                assert_eq!(job.state, State::Finished);
                break;
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_by_name() {
    let settings = || Place::memory().settings();
    let cases: [(&str, QueueSettings); 4] = [
        ("concurrency", settings().concurrency(0)),
        ("attempts", settings().attempts(0)),
        ("beat", settings().beat(std::time::Duration::ZERO)),
        ("dead_after", settings().dead_after(1)),
    ];
    for (name, settings) in cases {
        match Queue::open(settings).await {
            Err(QueueError::Setting { setting, .. }) => assert_eq!(setting, name),
            other => panic!("{name}: {other:?}"),
        }
    }
}
