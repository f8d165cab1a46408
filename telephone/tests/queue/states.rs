//! The states of a command, one after the other.

use futures_util::StreamExt;
use telephone::queue::{Change, JobFilter, Queue};
use telephone::{JobId, State, Submission};

use crate::runners::Words;
use crate::storage::{LONG, Place};

on_each_storage! {
    a_value_is_kept,
    a_hint_is_kept,
    a_panic_unwinds_its_command_alone,
    a_value_that_is_too_long_unwinds,
    octets_of_all_kinds_come_back,
    each_state_is_seen_by_followers,
    progress_is_told_and_stored,
    a_waiting_command_is_cancelled,
    a_running_command_is_cancelled_and_its_place_is_free,
    what_has_ended_stays_as_it_is,
    the_first_to_come_is_the_first_to_run,
    waiting_ends_with_the_time,
    commands_are_listed_in_pages,
    counts_add_up,
    stopping_leaves_commands_waiting,
    nobody_is_told_of_what_is_not_there,
}

async fn a_value_is_kept(place: Place) {
    let queue = place.open().await;
    let submitted = queue.submit(Submission::new("say 3")).await.unwrap();
    assert!(submitted.new);
    assert_eq!(submitted.job.state, State::Waiting);
    assert_eq!(queue.job(&submitted.job.id).await.unwrap().unwrap(), submitted.job);

    queue.start(Words::new());
    let job = queue.wait(&submitted.job.id, LONG).await.unwrap().unwrap();
    assert_eq!((job.state, job.value.as_deref(), job.attempts), (State::Finished, Some("3"), 1));
    assert!(job.submitted <= job.started.unwrap() && job.started <= job.ended);
    assert_eq!(queue.job(&job.id).await.unwrap().unwrap(), job);
}

async fn a_hint_is_kept(place: Place) {
    let queue = place.open().await;
    queue.start(Words::new());
    let id = queue.submit(Submission::new("fail it was so")).await.unwrap().job.id;
    let job = queue.wait(&id, LONG).await.unwrap().unwrap();
    assert_eq!((job.state, &job.value), (State::Unwound, &None));
    assert_eq!(job.hint.unwrap().to_string(), "SIMPLE-ERROR: it was so");
}

async fn a_panic_unwinds_its_command_alone(place: Place) {
    let queue = Queue::open(place.settings().concurrency(1)).await.unwrap();
    queue.start(Words::new());
    let id = queue.submit(Submission::new("panic over nothing")).await.unwrap().job.id;
    let next = queue.submit(Submission::new("say well")).await.unwrap().job.id;
    let hint = queue.wait(&id, LONG).await.unwrap().unwrap().hint.unwrap();
    assert_eq!(hint.condition, "PANIC");
    assert!(hint.message.ends_with("panicked: over nothing"), "{hint}");
    assert_eq!(queue.wait(&next, LONG).await.unwrap().unwrap().value.as_deref(), Some("well"));
}

async fn a_value_that_is_too_long_unwinds(place: Place) {
    let queue = Queue::open(place.settings().value_length(10)).await.unwrap();
    queue.start(Words::new());
    let fits = queue.submit(Submission::new("repeat 10")).await.unwrap().job.id;
    let not = queue.submit(Submission::new("repeat 11")).await.unwrap().job.id;
    assert_eq!(queue.wait(&fits, LONG).await.unwrap().unwrap().value.unwrap(), "x".repeat(10));
    let hint = queue.wait(&not, LONG).await.unwrap().unwrap().hint.unwrap();
    assert_eq!(hint.condition, "VALUE-TOO-LONG");
    assert!(hint.message.contains("11 octets") && hint.message.contains("is 10;"), "{hint}");
}

async fn octets_of_all_kinds_come_back(place: Place) {
    let queue = place.open().await;
    queue.start(Words::new());
    for said in
        ["", "nul \0 and on", "é ß 漢字 🎈", "'; DROP TABLE telephone_job; --", "\u{feff}\r\n\t"]
    {
        let submission = Submission::new(format!("say {said}")).key(format!("key {said}"));
        let id = queue.submit(submission.clone()).await.unwrap().job.id;
        let job = queue.wait(&id, LONG).await.unwrap().unwrap();
        assert_eq!(job.value.as_deref(), Some(said));
        assert_eq!((&job.command, job.key), (&submission.command, submission.key));
    }
}

async fn each_state_is_seen_by_followers(place: Place) {
    let queue = place.open().await;
    let mut changes = Box::pin(queue.changes());
    let id = queue.submit(Submission::new("gate 5")).await.unwrap().job.id;
    let mut followed = Box::pin(queue.follow(&id));
    assert_eq!(followed.next().await.unwrap().state, State::Waiting);
    let words = Words::new();
    queue.start(words.clone());
    assert_eq!(followed.next().await.unwrap().state, State::Running);
    words.open();
    let end = followed.next().await.unwrap();
    assert_eq!((end.state, end.value.as_deref()), (State::Finished, Some("5")));
    assert_eq!(followed.next().await, None);
    // Who comes late sees the end, and no more.
    assert_eq!(queue.follow(&id).collect::<Vec<_>>().await, [end]);

    for expected in [State::Waiting, State::Running, State::Finished] {
        match changes.next().await.unwrap() {
            Change::Job(job) => assert_eq!((&job.id, job.state), (&id, expected)),
            missed => panic!("{missed:?}"),
        }
    }
}

async fn progress_is_told_and_stored(place: Place) {
    let queue = place.open().await;
    let words = Words::new();
    queue.start(words.clone());
    let id = queue.submit(Submission::new("halfway up")).await.unwrap().job.id;
    let mut followed = Box::pin(queue.follow(&id));
    let told = loop {
        let job = followed.next().await.unwrap();
        if let Some(progress) = job.progress {
            break progress;
        }
    };
    assert_eq!((told.fraction, told.note.as_str()), (0.5, "up"));
    assert_eq!(queue.job(&id).await.unwrap().unwrap().progress, Some(told));
    words.open();
    let end = queue.wait(&id, LONG).await.unwrap().unwrap();
    assert_eq!((end.state, end.progress), (State::Finished, None));
}

async fn a_waiting_command_is_cancelled(place: Place) {
    let queue = place.open().await;
    let id = queue.submit(Submission::new("say too late")).await.unwrap().job.id;
    let job = queue.cancel(&id).await.unwrap().unwrap();
    assert_eq!((job.state, job.attempts, job.started), (State::Cancelled, 0, None));
    queue.start(Words::new());
    let next = queue.submit(Submission::new("say next")).await.unwrap().job.id;
    queue.wait(&next, LONG).await.unwrap();
    assert_eq!(queue.job(&id).await.unwrap().unwrap(), job);
}

async fn a_running_command_is_cancelled_and_its_place_is_free(place: Place) {
    let queue = Queue::open(place.settings().concurrency(1)).await.unwrap();
    queue.start(Words::new());
    let id = queue.submit(Submission::new("hang")).await.unwrap().job.id;
    let mut followed = Box::pin(queue.follow(&id));
    while followed.next().await.unwrap().state != State::Running {}
    let job = queue.cancel(&id).await.unwrap().unwrap();
    assert_eq!((job.state, job.attempts), (State::Cancelled, 1));
    assert_eq!(followed.next().await.unwrap(), job);
    let next = queue.submit(Submission::new("say next")).await.unwrap().job.id;
    assert_eq!(queue.wait(&next, LONG).await.unwrap().unwrap().state, State::Finished);
}

async fn what_has_ended_stays_as_it_is(place: Place) {
    let queue = place.open().await;
    queue.start(Words::new());
    let id = queue.submit(Submission::new("say 1")).await.unwrap().job.id;
    let job = queue.wait(&id, LONG).await.unwrap().unwrap();
    assert_eq!(queue.cancel(&id).await.unwrap().unwrap(), job);
    assert_eq!(queue.cancel(&id).await.unwrap().unwrap(), job);
}

async fn the_first_to_come_is_the_first_to_run(place: Place) {
    let queue = Queue::open(place.settings().concurrency(1)).await.unwrap();
    let mut ids = Vec::new();
    for number in 0..20 {
        ids.push(queue.submit(Submission::new(format!("say {number}"))).await.unwrap().job.id);
    }
    let mut changes = Box::pin(queue.changes());
    queue.start(Words::new());
    let mut begun = Vec::new();
    while begun.len() < ids.len() {
        match changes.next().await.unwrap() {
            Change::Job(job) if job.state == State::Running => begun.push(job.id),
            Change::Job(_) => {}
            missed => panic!("{missed:?}"),
        }
    }
    assert_eq!(begun, ids);
}

async fn waiting_ends_with_the_time(place: Place) {
    let queue = place.open().await;
    let job = queue.submit(Submission::new("say 1")).await.unwrap().job;
    let time = std::time::Duration::from_millis(20);
    assert_eq!(queue.wait(&job.id, time).await.unwrap().unwrap(), job);
}

async fn commands_are_listed_in_pages(place: Place) {
    let queue = place.open().await;
    let mut ids = Vec::new();
    for number in 0..10 {
        ids.push(queue.submit(Submission::new(format!("say {number}"))).await.unwrap().job.id);
    }
    ids.reverse();
    queue.cancel(&ids[4]).await.unwrap();
    let list = async |filter| {
        let jobs = queue.jobs(filter).await.unwrap();
        jobs.into_iter().map(|job| job.id).collect::<Vec<_>>()
    };
    let page = JobFilter::default().limit(4);
    assert_eq!(list(page.clone()).await, ids[..4]);
    assert_eq!(list(page.clone().before(ids[3].clone())).await, ids[4..8]);
    assert_eq!(list(page.clone().before(ids[7].clone())).await, ids[8..]);
    let waiting = page.state(State::Waiting).before(ids[3].clone());
    assert_eq!(list(waiting).await, ids[5..9]);
    assert_eq!(list(JobFilter::default().state(State::Cancelled)).await, ids[4..5]);
    assert!(list(JobFilter::default().before(JobId::random())).await.is_empty());
}

async fn counts_add_up(place: Place) {
    let queue = Queue::open(place.settings().length(50)).await.unwrap();
    queue.start(Words::new());
    let hanging = queue.submit(Submission::new("hang")).await.unwrap().job.id;
    for command in ["say 1", "say 2", "fail once"] {
        let id = queue.submit(Submission::new(command)).await.unwrap().job.id;
        queue.wait(&id, LONG).await.unwrap();
    }
    queue.stop();
    // One more may be taken by a claim that was on its way; it gets the free place.
    let waiting = queue.submit(Submission::new("hang")).await.unwrap().job.id;
    let counts = queue.counts().await.unwrap();
    assert_eq!((counts.finished, counts.unwound), (2, 1));
    assert_eq!(counts.running + counts.waiting, 2);
    assert_eq!((counts.limit, counts.concurrency, counts.taking), (50, 2, false));
    queue.cancel(&hanging).await.unwrap();
    queue.cancel(&waiting).await.unwrap();
    let counts = queue.counts().await.unwrap();
    assert_eq!((counts.running, counts.waiting, counts.cancelled), (0, 0, 2));
    assert_eq!((counts.expired, counts.interrupted), (0, 0));
}

async fn stopping_leaves_commands_waiting(place: Place) {
    let queue = place.open().await;
    let job = queue.submit(Submission::new("say 1")).await.unwrap().job;
    queue.start(Words::new());
    queue.wait(&job.id, LONG).await.unwrap();
    queue.stop();
    queue.shutdown(LONG).await.unwrap();
    assert!(queue.submit(Submission::new("say 2")).await.is_err());
    assert!(queue.job(&job.id).await.is_err());
}

async fn nobody_is_told_of_what_is_not_there(place: Place) {
    let queue = place.open().await;
    let id = JobId::random();
    assert_eq!(queue.job(&id).await.unwrap(), None);
    assert_eq!(queue.cancel(&id).await.unwrap(), None);
    assert_eq!(queue.wait(&id, LONG).await.unwrap(), None);
    assert_eq!(queue.follow(&id).collect::<Vec<_>>().await, []);
}
