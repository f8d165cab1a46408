//! Commands in real evaluators, which are processes of the program `telephone`.

use std::time::Duration;

use telephone::Hint;
use telephone::evaluator::{EvaluatorLimits, Evaluators};
use wire::Functions;

#[path = "evaluator/callbacks.rs"]
mod callbacks;
#[path = "evaluator/isolation.rs"]
mod isolation;
#[path = "evaluator/language.rs"]
mod language;
#[path = "evaluator/limits.rs"]
mod limits;

/// Evaluators that offer these functions.
fn evaluators(functions: Functions, limits: EvaluatorLimits) -> Evaluators {
    let program = env!("CARGO_BIN_EXE_telephone").into();
    Evaluators::start_program(program, functions, limits).expect("these can be offered")
}

/// The defaults, with one process: making more takes a machine that tests long.
fn limits() -> EvaluatorLimits {
    EvaluatorLimits::default().processes(1)
}

/// Runs a command that has all the time that a busy machine may take.
async fn run(evaluators: &Evaluators, command: &str) -> Result<String, Hint> {
    evaluators.evaluate(command, LONG, |_| {}).await
}

/// The value, or the name of the condition.
async fn outcome(evaluators: &Evaluators, command: &str) -> String {
    run(evaluators, command).await.unwrap_or_else(|hint| hint.condition)
}

const LONG: Duration = Duration::from_secs(60);
