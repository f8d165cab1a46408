//! The same exchange over a wire.

use futures_util::StreamExt;
use telephone::api::{JobFilter, Kind};
use telephone::partner::{Failure, Partner};
use telephone::server::ServerLimits;
use telephone::{State, Submission};
use tokio::time::timeout;
use wire::{CallError, Value, Wire, functions, remote_fn, remote_value};

use crate::house::{self, House, LONG};

async fn house() -> House {
    House::of(house::builder().wire("127.0.0.1:0")).await
}

#[tokio::test]
async fn a_partner_over_a_wire_is_as_any_other() {
    let house = house().await;
    let partner = house.wire_partner();
    let job = partner.submit(Submission::new("(+ 1 2)").key("one")).await.unwrap();
    let again = partner.submit(Submission::new("(+ 1 2)").key("one")).await.unwrap();
    assert_eq!(again.id, job.id);
    let job = partner.wait(&job.id, LONG).await.unwrap().unwrap();
    assert_eq!((job.state, job.value.as_deref()), (State::Finished, Some("3")));
    assert_eq!(partner.job(&job.id).await.unwrap(), Some(job.clone()));
    // What came over the wire is what comes over HTTP.
    assert_eq!(house.partner().job(&job.id).await.unwrap(), Some(job.clone()));
    let filter = JobFilter::all().state(State::Finished).limit(3);
    assert_eq!(partner.jobs(filter).await.unwrap(), std::slice::from_ref(&job));
    assert_eq!(partner.jobs(JobFilter::all().before(job.id)).await.unwrap(), []);
    let status = partner.status().await.unwrap();
    assert_eq!((status.kind, status.queue.unwrap().finished), (Kind::Telephone, 1));
    assert_eq!(partner.functions().await.unwrap(), []);
    let id = partner.remote_command("(/ 1 0)").await.unwrap();
    partner.wait(&id, LONG).await.unwrap().unwrap();
    let result = partner.remote_result(&id).await.unwrap();
    assert_eq!(result.to_string(), "(FINISHED (ERROR DIVISION-BY-ZERO))");
    house.close().await;
}

#[tokio::test]
async fn refusals_keep_their_kind_over_a_wire() {
    let queue = house::queue().concurrency(1).length(1).command_length(100);
    let house = House::of(house::builder().queue(queue).wire("127.0.0.1:0")).await;
    let partner = house.wire_partner();
    let running = partner.submit(Submission::new("(hold)").key("one")).await.unwrap();
    house.reach(running.id.as_str(), "running").await;
    let error = partner.submit(Submission::new("(+ 1 2)").key("one")).await.unwrap_err();
    assert!(matches!(error.failure(), Failure::KeyReused { .. }), "{error}");
    let error = partner.submit(Submission::new("x".repeat(101))).await.unwrap_err();
    assert!(matches!(error.failure(), Failure::TooLong { .. }), "{error}");
    partner.submit(Submission::new("(hold)")).await.unwrap();
    let error = partner.submit(Submission::new("(hold)")).await.unwrap_err();
    assert!(matches!(error.failure(), Failure::Busy { .. }), "{error}");
    assert_eq!(partner.job(&"ZZZ".parse().unwrap()).await.unwrap(), None);
    assert_eq!(partner.cancel(&"ZZZ".parse().unwrap()).await.unwrap(), None);
    house.close().await;
}

#[tokio::test]
async fn who_asks_too_often_over_a_wire_is_told_so_and_keeps_the_wire() {
    let limits = ServerLimits::default().rate(1).burst(3);
    let house = House::of(house::builder().limits(limits).wire("127.0.0.1:0")).await;
    let partner = house.wire_partner();
    let mut answers = Vec::new();
    for _ in 0..4 {
        answers.push(partner.status().await);
    }
    assert!(answers[0].is_ok());
    let refused = answers.into_iter().find_map(Result::err).expect("four is too many");
    assert!(matches!(refused.failure(), Failure::Busy { .. }), "{refused}");
    assert!(refused.to_string().contains("ServerLimits::rate"), "{refused}");
    let heard = timeout(LONG, async { while partner.status().await.is_err() {} }).await;
    assert!(heard.is_ok(), "it may ask again");
    house.close().await;
}

#[tokio::test]
async fn a_command_is_followed_over_a_wire() {
    let house = house().await;
    let partner = house.wire_partner();
    let job = partner.submit(Submission::new("(hold)")).await.unwrap();
    let mut changes = partner.follow(&job.id);
    let running = async {
        loop {
            let job = changes.next().await.unwrap().unwrap();
            if job.progress.is_some() {
                return job;
            }
        }
    };
    let job = timeout(LONG, running).await.unwrap();
    assert_eq!(job.progress.unwrap().note, "half of it");
    assert_eq!(partner.cancel(&job.id).await.unwrap().unwrap().state, State::Cancelled);
    let rest: Vec<_> = timeout(LONG, changes.collect()).await.unwrap();
    assert_eq!(rest.last().unwrap().as_ref().unwrap().state, State::Cancelled);
    house.close().await;
}

#[tokio::test]
async fn the_original_s_calls_can_be_made_by_hand() {
    let house = house().await;
    let wire = Wire::connect(house.wired.unwrap()).await.unwrap();
    let id = remote_value!(wire, telephone::remote_command("(+ 1 2)") -> String).value().await;
    let id = id.unwrap();
    house.reach(&id, "finished").await;
    let result = remote_value!(wire, telephone::remote_result(&id) -> Value).value().await.unwrap();
    assert_eq!(result.to_string(), "(TELEPHONE::FINISHED 3)");
    let lost = remote_value!(wire, telephone::remote_result("ZZZ") -> Value).value().await.unwrap();
    assert_eq!(lost.to_string(), "(TELEPHONE::ID-NOT-FOUND NIL)");
    house.close().await;
}

#[tokio::test]
async fn a_value_that_the_reader_does_not_read_is_its_text() {
    let house = house().await;
    let wire = Wire::connect(house.wired.unwrap()).await.unwrap();
    let id = house.file("(list 1 \"a b\" :k 2.5 (quote foo) (/ 1 3))").await;
    house.reach(&id, "finished").await;
    let result = remote_value!(wire, telephone::remote_result(&id) -> Value).value().await.unwrap();
    let value = result.as_slice().unwrap()[1].as_str().unwrap().to_owned();
    assert_eq!(value, r#"(1 "a b" :K 2.5 FOO 1/3)"#);
    house.close().await;
}

#[remote_fn(package = "TELEPHONE")]
fn token() -> String {
    "poppy".to_owned()
}

#[tokio::test]
async fn without_the_token_no_call_is_heard() {
    let house = House::of(house::builder().wire("127.0.0.1:0").token("sesame")).await;
    let strangers = [functions![], functions![token]];
    for stranger in strangers {
        let wire = Wire::builder().functions(stranger).connect(house.wired.unwrap()).await.unwrap();
        let call = remote_value!(wire, telephone::remote_command("(+ 1 2)") -> String).value();
        let error = call.await.unwrap_err();
        assert!(matches!(error, CallError::Unwound(_) | CallError::Ended { .. }), "{error}");
        assert!(wire.functions().await.is_err(), "what there is is not told either");
    }
    for partner in [house.wire_partner(), house.wire_partner().token("poppy")] {
        let error = partner.status().await.unwrap_err();
        assert_eq!(error.failure(), &Failure::Unauthorized, "{error}");
    }
    assert!(house.heard.lock().unwrap().is_empty());
    let partner = house.wire_partner().token("sesame");
    assert!(partner.submit(Submission::new("(+ 1 2)")).await.is_ok());
    house.close().await;
}

#[tokio::test]
async fn a_wire_that_ended_is_laid_again() {
    let first = house().await;
    let address = first.wired.unwrap();
    let partner = first.wire_partner();
    partner.status().await.unwrap();
    first.close().await;
    let error = partner.status().await.unwrap_err();
    assert!(matches!(error.failure(), Failure::Unreachable { .. }), "{error}");
    let second = House::of(house::builder().wire(address.to_string())).await;
    assert!(partner.status().await.is_ok());
    second.close().await;
}

#[tokio::test]
async fn an_address_of_others_wants_a_token_for_wires_as_well() {
    let error = house::builder().wire("0.0.0.0:0").bind().await.unwrap_err();
    assert!(error.to_string().contains("token"), "{error}");
    let partner = Partner::new("wire://127.0.0.1:1").unwrap();
    let error = partner.status().await.unwrap_err();
    assert!(matches!(error.failure(), Failure::Unreachable { .. }), "{error}");
}
