//! A server that is killed in the middle of its commands, and started again.

use std::time::Duration;

use telephone::partner::Partner;
use telephone::{Job, JobId, State, Submission};

use crate::support::{House, Server};

/// Only a hang takes so long.
const PATIENCE: Duration = Duration::from_secs(120);

/// How many commands there are; every other one may be repeated.
const COMMANDS: usize = 100;

/// How many run at a time, and so can be caught running.
const AT_A_TIME: usize = 3;

async fn submit(partner: &Partner) -> Vec<JobId> {
    let mut ids = Vec::new();
    for number in 0..COMMANDS {
        let submission = Submission::new(format!("(progn (sleep 0.02) {number})"));
        let submission = if number % 2 == 0 { submission } else { submission.repeatable() };
        ids.push(partner.submit(submission).await.unwrap().id);
    }
    ids
}

async fn ended(partner: &Partner, id: &JobId) -> Job {
    let job = partner.wait(id, PATIENCE).await.unwrap().unwrap();
    assert!(job.state.is_ended(), "{job:?}");
    job
}

#[tokio::test]
async fn of_a_hundred_commands_each_is_accounted_for_when_the_server_was_killed() {
    let house = House::new();
    let database = house.path("queue.sqlite");
    let at_a_time = AT_A_TIME.to_string();
    let settings = ["--database", database.to_str().unwrap(), "--concurrency", &at_a_time];

    let mut server = Server::start_with(&house, &settings);
    let partner = Partner::new(&server.url).unwrap();
    let ids = submit(&partner).await;
    ended(&partner, &ids[COMMANDS / 4]).await;
    server.kill();

    let server = Server::start_with(&house, &settings);
    let partner = Partner::new(&server.url).unwrap();
    let mut interrupted = 0;
    for (number, id) in ids.iter().enumerate() {
        let job = ended(&partner, id).await;
        match job.state {
            State::Finished => assert_eq!(job.value, Some(number.to_string())),
            State::Interrupted => interrupted += 1,
            other => panic!("{other}: {job:?}"),
        }
        let runs = if job.repeatable { 1..=2 } else { 1..=1 };
        assert!(runs.contains(&job.attempts), "{job:?}");
        assert!(!(job.repeatable && job.state == State::Interrupted), "{job:?}");
    }
    assert!(interrupted <= AT_A_TIME, "{interrupted}");
}
