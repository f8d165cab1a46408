//! The two endpoints of the original, byte for byte as recorded.

use std::time::Duration;

use reqwest::StatusCode;

use crate::house::{House, problem, sent};

const RECORDED: &str = include_str!("../vectors/telephone.tsv");

fn recorded(request: &str) -> &'static str {
    let line = RECORDED.lines().find(|line| line.starts_with(request)).expect("it is recorded");
    line.split_once('\t').expect("a tab stands in each line").1
}

/// Files a command and tells its id, as the original's clients do.
async fn command(house: &House, command: &str) -> String {
    let response = sent(house.post("/tcmd").form(&[("cmd", command)])).await;
    assert_eq!(response.status(), StatusCode::OK);
    let body = response.text().await.unwrap();
    body.strip_prefix("%22").and_then(|rest| rest.strip_suffix("%22")).unwrap().to_owned()
}

async fn result(house: &House, id: &str) -> String {
    sent(house.post("/tres").form(&[("id", id)])).await.text().await.unwrap()
}

#[tokio::test]
async fn each_recorded_result_is_answered() {
    let house = House::new().await;
    for (text, state, request) in [
        ("(list 1 \"a b\" :k 2.5 (quote foo) (/ 1 3))", "finished", "POST /tres of it, later"),
        ("(error \"x\")", "unwound", "POST /tres of (error \"x\")"),
        ("(/ 1 0)", "unwound", "POST /tres of (/ 1 0)"),
        ("(sleep 3)", "running", "POST /tres of (sleep 3), while it runs"),
    ] {
        let id = command(&house, text).await;
        house.reach(&id, state).await;
        assert_eq!(result(&house, &id).await, recorded(request), "{text}");
    }
    assert_eq!(result(&house, "ZZZ").await, recorded("POST /tres id=ZZZ"));
    assert_eq!(result(&house, "not an id").await, recorded("POST /tres id=ZZZ"));
    house.close().await;
}

#[tokio::test]
async fn a_command_that_waits_finds_the_system_down() {
    let queue = crate::house::queue().concurrency(1);
    let house = House::of(crate::house::builder().queue(queue)).await;
    let first = command(&house, "(hold)").await;
    house.reach(&first, "running").await;
    let second = command(&house, "(+ 1 2)").await;
    let waiting = recorded("POST /tres of it, before the queue took it");
    assert_eq!(result(&house, &second).await, waiting);
    house.close().await;
}

#[tokio::test]
async fn without_its_field_an_endpoint_answers_nothing() {
    let house = House::new().await;
    for path in ["/tcmd", "/tres"] {
        let fields = house.post(path).form(&[("other", "1")]);
        let text = house.post(path).header("content-type", "text/plain").body("cmd=1&id=1");
        for request in [house.post(path), fields, text] {
            let response = sent(request).await;
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            assert_eq!(response.text().await.unwrap(), "", "{path}");
        }
    }
    house.close().await;
}

#[tokio::test]
async fn a_command_is_announced_as_the_original_prints_it() {
    let house = House::new().await;
    let id = command(&house, "(+ 1 2)").await;
    // A thread of its own tells it.
    while house.heard.lock().unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(*house.heard.lock().unwrap(), [format!("{id} remote request: (+ 1 2)")]);
    house.close().await;
}

#[tokio::test]
async fn a_full_queue_and_another_method_are_refused() {
    let house = House::of(crate::house::builder().queue(crate::house::queue().length(0))).await;
    problem(house.post("/tcmd").form(&[("cmd", "(+ 1 2)")]), 429).await;
    problem(house.get("/tcmd"), 405).await;
    house.close().await;
}
