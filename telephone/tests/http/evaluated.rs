//! Commands that evaluators run.

use std::time::Duration;

use serde_json::{Value, json};
use telephone::evaluator::EvaluatorLimits;
use telephone::server::{Server, ServerError};
use wire::{functions, remote_fn};

use crate::house::{self, House, problem};

/// The lamp in a room, on or off.
#[remote_fn]
fn lamp(room: String, on: bool) -> String {
    format!("{room}: {}", if on { "light" } else { "dark" })
}

async fn house() -> House {
    let limits = EvaluatorLimits::default().time(Duration::from_secs(30)).processes(2);
    let builder = Server::builder()
        .address("127.0.0.1:0")
        .wire("127.0.0.1:0")
        .queue(house::queue())
        .evaluator_program(env!("CARGO_BIN_EXE_telephone"))
        .evaluator(limits)
        .functions(functions![lamp])
        .grace(Duration::from_millis(100));
    House::of(builder).await
}

async fn run(house: &House, submission: Value) -> Value {
    let job = house::json(house.post("/api/jobs").json(&submission)).await;
    let id = job["id"].as_str().unwrap();
    house::json(house.get(&format!("/api/jobs/{id}?wait=30"))).await
}

#[tokio::test]
async fn commands_are_lisp() {
    let house = house().await;
    for (command, value) in [
        ("(+ 1 2)", "3"),
        ("(list 1 \"a b\" :k (quote foo) (/ 1 3))", r#"(1 "a b" :K FOO 1/3)"#),
        ("(define (twice x) (* 2 x)) (map twice '(1 2 3))", "(2 4 6)"),
        ("(lamp \"cellar\" t)", r#""cellar: light""#),
    ] {
        let job = run(&house, json!({ "command": command })).await;
        assert_eq!((&job["state"], &job["value"]), (&json!("finished"), &json!(value)), "{job}");
    }
    let job = run(&house, json!({ "command": "(/ 1 0)" })).await;
    assert_eq!(job["hint"]["condition"], "DIVISION-BY-ZERO", "{job}");
    let endless = json!({ "command": "(let loop () (loop))", "time_limit_ms": 50 });
    let job = run(&house, endless).await;
    assert_eq!(job["hint"]["condition"], "TIMEOUT", "{job}");
    let job = run(&house, json!({ "command": "(+ 1 2)" })).await;
    assert_eq!(job["value"], "3", "the server is well: {job}");
    house.close().await;
}

#[tokio::test]
async fn what_commands_may_call_is_told() {
    let house = house().await;
    let functions = house::json(house.get("/api/functions")).await;
    assert_eq!(functions[0]["name"], "LAMP");
    assert_eq!(functions[0]["parameters"][1], json!({ "name": "on", "type": "bool" }));
    assert!(functions[0]["docs"].as_str().unwrap().contains("on or off"));
    let over_a_wire = house.wire_partner().functions().await.unwrap();
    assert_eq!(serde_json::to_value(over_a_wire).unwrap(), functions);
    problem(house.post("/api/functions"), 405).await;
    house.close().await;
}

#[tokio::test]
async fn a_program_that_cannot_be_an_evaluator_is_told_so() {
    let error = Server::builder().address("127.0.0.1:0").bind().await.unwrap_err();
    assert!(matches!(error, ServerError::Evaluator(_)), "{error}");
    assert!(error.to_string().contains("serve_if_child"), "{error}");
}
