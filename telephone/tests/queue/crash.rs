//! What a crash leaves behind, and who accounts for it.

use std::collections::HashMap;
use std::time::Duration;

use telephone::queue::{Queue, QueueError};
use telephone::{State, Submission};

use crate::child::{Child, Task};
use crate::runners::Words;
use crate::storage::{LONG, Place, until};

/// Lets the queue begin these, and stops it as a crash would: no task of it does anything more.
async fn crash_while_running(place: &Place, submissions: &[Submission]) -> Vec<telephone::JobId> {
    let place = place.clone();
    let submissions = submissions.to_vec();
    let crashed = std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let ids = runtime.block_on(async {
            let settings = place.settings().concurrency(submissions.len());
            let queue = Queue::open(settings).await.unwrap();
            queue.start(Words::new());
            let mut ids = Vec::new();
            for submission in submissions {
                ids.push(queue.submit(submission).await.unwrap().job.id);
            }
            until(async || queue.counts().await.unwrap().running == ids.len() as u64).await;
            // It goes after its tasks.
            (ids, queue)
        });
        runtime.shutdown_timeout(LONG);
        ids.0
    });
    tokio::task::spawn_blocking(|| crashed.join().unwrap()).await.unwrap()
}

async fn reopen(place: &Place) -> Queue {
    let mut opened = None;
    until(async || {
        opened = Queue::open(place.settings()).await.ok();
        opened.is_some()
    })
    .await;
    opened.unwrap()
}

async fn what_ran_is_interrupted_or_runs_again(place: Place) {
    let once = Submission::new("hang once").key("once");
    let twice = Submission::new("hang twice").repeatable();
    let ids = crash_while_running(&place, &[once.clone(), twice]).await;
    let queue = reopen(&place).await;
    let end = queue.wait(&ids[0], LONG).await.unwrap().unwrap();
    assert_eq!((end.state, end.attempts), (State::Interrupted, 1));
    let hint = end.hint.clone().unwrap();
    assert_eq!(hint.condition, "INTERRUPTED");
    assert!(hint.message.starts_with("its server crashed while it ran"), "{hint}");
    assert_eq!(queue.submit(once).await.unwrap().job, end);

    until(async || queue.job(&ids[1]).await.unwrap().unwrap().state == State::Waiting).await;
    let waiting = queue.job(&ids[1]).await.unwrap().unwrap();
    assert_eq!((waiting.attempts, waiting.ended, waiting.hint), (1, None, None));
    queue.start(Words::new());
    until(async || queue.job(&ids[1]).await.unwrap().unwrap().attempts == 2).await;
}

async fn one_that_kills_its_server_is_given_up(place: Place) {
    let killer = Submission::new("hang").repeatable().key("killer");
    for attempts in 1..=3 {
        let ids = crash_while_running(&place, std::slice::from_ref(&killer)).await;
        let queue = reopen(&place).await;
        let seen = || async { queue.job(&ids[0]).await.unwrap().unwrap() };
        until(async || seen().await.state != State::Running).await;
        let job = seen().await;
        let expected = if attempts < 3 { State::Waiting } else { State::Interrupted };
        assert_eq!((job.state, job.attempts), (expected, attempts));
        if let Some(hint) = job.hint {
            assert!(hint.message.contains("for the last of 3 times"), "{hint}");
        }
        queue.shutdown(LONG).await.unwrap();
    }
}

async fn shutting_down_gives_grace_and_accounts(place: Place) {
    let queue = Queue::open(place.settings().concurrency(3)).await.unwrap();
    queue.start(Words::new());
    let mut ids = Vec::new();
    for submission in [
        Submission::new("nap 200"),
        Submission::new("hang"),
        Submission::new("hang").repeatable(),
        Submission::new("say too late"),
    ] {
        ids.push(queue.submit(submission).await.unwrap().job.id);
    }
    until(async || queue.counts().await.unwrap().running == 3).await;
    queue.shutdown(Duration::from_secs(2)).await.unwrap();
    assert!(matches!(queue.job(&ids[0]).await, Err(QueueError::Closed { .. })));
    // The place is free at once.
    let queue = place.open().await;
    let mut states = Vec::new();
    for id in &ids {
        states.push(queue.job(id).await.unwrap().unwrap().state);
    }
    assert_eq!(states, [State::Finished, State::Interrupted, State::Waiting, State::Waiting]);
    let hint = queue.job(&ids[1]).await.unwrap().unwrap().hint.unwrap();
    assert!(hint.message.starts_with("its server was shut down while it ran"), "{hint}");
}

/// A hundred commands, and servers that are killed with -9 in the middle of them.
async fn every_command_is_accounted_for(place: Place) {
    let queue = reopen(&place).await;
    let mut ids = Vec::new();
    for number in 0..100 {
        let submission = Submission::new(format!("log {number}"));
        let submission = if number % 2 == 0 { submission.repeatable() } else { submission };
        ids.push(queue.submit(submission).await.unwrap().job.id);
    }
    queue.shutdown(LONG).await.unwrap();

    let log = place.log();
    for lines in [20, 50] {
        let child = Child::start(&place, Task::Serve);
        until(async || log.lines().len() >= lines).await;
        child.kill();
    }
    let queue = reopen(&place).await;
    queue.start(log.runner());
    let mut runs: HashMap<String, u32> = HashMap::new();
    let mut interrupted = 0;
    for id in &ids {
        queue.wait(id, LONG).await.unwrap().unwrap();
    }
    for line in log.lines() {
        *runs.entry(line.split(' ').next().unwrap().to_owned()).or_default() += 1;
    }
    for id in &ids {
        let job = queue.job(id).await.unwrap().unwrap();
        let runs = runs.get(id.as_str()).copied().unwrap_or(0);
        match job.state {
            State::Finished if job.repeatable => assert!((1..=job.attempts).contains(&runs)),
            State::Finished => assert_eq!((runs, job.attempts), (1, 1)),
            State::Interrupted => {
                assert!(!job.repeatable && runs <= 1 && job.attempts == 1);
                interrupted += 1;
            }
            state => panic!("{id} is {state}"),
        }
    }
    assert!(interrupted <= 2 * 4, "no more than ran: {interrupted}");
}

/// Whoever was given an id finds his command, though the server was killed right after.
async fn every_id_that_was_given_out_is_found(place: Place) {
    let log = place.log();
    let child = Child::start(&place, Task::Submit);
    until(async || log.lines().len() >= 50).await;
    child.kill();
    let queue = reopen(&place).await;
    let lines = log.lines();
    for line in &lines {
        let (id, command) = line.split_once(' ').unwrap();
        let job = queue.job(&id.parse().unwrap()).await.unwrap().unwrap();
        assert_eq!((job.command.as_str(), job.state), (command, State::Waiting));
    }
    assert!(queue.counts().await.unwrap().waiting >= lines.len() as u64);
}

macro_rules! on_disk {
    ($($test:ident),* $(,)?) => {
        mod file {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                super::$test(crate::storage::Place::file()).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                if let Some(place) = crate::storage::Place::postgres() {
                    super::$test(place).await;
                }
            })*
        }
    };
}

on_disk! {
    what_ran_is_interrupted_or_runs_again,
    one_that_kills_its_server_is_given_up,
    shutting_down_gives_grace_and_accounts,
    every_command_is_accounted_for,
    every_id_that_was_given_out_is_found,
}
