//! Evaluators that are killed from outside. A test binary of its own, since it kills all of the
//! evaluators that its process has.

#[path = "support/children.rs"]
mod children;

use std::sync::Mutex;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use telephone::evaluator::{EvaluatorLimits, Evaluators};
use tokio::sync::oneshot;
use tokio::time::sleep;

use children::children;

#[tokio::test]
async fn an_evaluator_that_is_killed_costs_its_command_alone() {
    let program = env!("CARGO_BIN_EXE_telephone").into();
    let limits = EvaluatorLimits::default();
    let evaluators = Evaluators::start_program(program, wire::functions![], limits).unwrap();
    let (begun, begins) = oneshot::channel();
    let begun = Mutex::new(Some(begun));
    let running = tokio::spawn({
        let evaluators = evaluators.clone();
        let tell = move |_| {
            if let Some(begun) = begun.lock().unwrap().take() {
                begun.send(()).unwrap();
            }
        };
        async move { evaluators.evaluate("(progress 0.5) (sleep 1000)", LONG, tell).await }
    });
    begins.await.unwrap();
    let killed: Vec<_> = children().into_iter().map(|(pid, _)| pid).collect();
    assert!(!killed.is_empty());
    for &pid in &killed {
        kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL).unwrap();
    }
    let hint = running.await.unwrap().unwrap_err();
    assert_eq!(hint.condition, "EVALUATOR-LOST", "{hint}");
    assert!(hint.message.contains("signal: 9"), "{hint}");
    // They are reaped: none is left, not even as a zombie.
    while children().iter().any(|(pid, _)| killed.contains(pid)) {
        sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(evaluators.evaluate("(+ 1 2)", LONG, |_| {}).await.as_deref(), Ok("3"));

    // With the last handle all end.
    drop(evaluators);
    while !children().is_empty() {
        sleep(Duration::from_millis(10)).await;
    }
}

const LONG: Duration = Duration::from_secs(60);
