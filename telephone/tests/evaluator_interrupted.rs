//! Evaluators whose command is interrupted. A test binary of its own, since it looks at all of the
//! evaluators that its process has.

#[path = "support/children.rs"]
mod children;

use std::time::Duration;

use telephone::evaluator::{EvaluatorLimits, Evaluators};

use children::children;

#[tokio::test]
async fn a_process_serves_on_after_a_command_that_heeds_its_interrupt() {
    let program = env!("CARGO_BIN_EXE_telephone").into();
    let limits = EvaluatorLimits::default().processes(1);
    let evaluators = Evaluators::start_program(program, wire::functions![], limits).unwrap();
    for endless in ["(loop)", "(labels ((f () (f))) (f))", "(handler-case (loop) (error () 1))"] {
        // A machine that is busy enough may miss the time to heed; it does not miss it always.
        let mut served_on = false;
        for _ in 0..20 {
            assert_eq!(evaluators.evaluate("(+ 1 2)", LONG, |_| {}).await.as_deref(), Ok("3"));
            let before = ids();
            let hint = evaluators.evaluate(endless, SHORT, |_| {}).await.unwrap_err();
            assert_eq!(hint.condition, "TIMEOUT", "{hint}");
            assert_eq!(evaluators.evaluate("(+ 1 2)", LONG, |_| {}).await.as_deref(), Ok("3"));
            served_on = ids() == before;
            if served_on {
                break;
            }
        }
        assert!(served_on, "{endless}");
    }
}

fn ids() -> Vec<i32> {
    children().into_iter().map(|(id, _)| id).collect()
}

const LONG: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(100);
