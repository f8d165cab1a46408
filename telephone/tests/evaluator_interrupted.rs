//! Evaluators whose command is interrupted. A test binary of its own, since it looks at all of the
//! evaluators that its process has.

use std::fs;
use std::process;
use std::time::Duration;

use telephone::evaluator::{EvaluatorLimits, Evaluators};

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
            let before = children();
            let hint = evaluators.evaluate(endless, SHORT, |_| {}).await.unwrap_err();
            assert_eq!(hint.condition, "TIMEOUT", "{hint}");
            assert_eq!(evaluators.evaluate("(+ 1 2)", LONG, |_| {}).await.as_deref(), Ok("3"));
            served_on = children() == before;
            if served_on {
                break;
            }
        }
        assert!(served_on, "{endless}");
    }
}

/// The children of this process, as Linux tells.
fn children() -> Vec<i32> {
    let own = process::id().to_string();
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").expect("Linux has it").flatten() {
        let Ok(stat) = fs::read_to_string(entry.path().join("stat")) else {
            continue;
        };
        // `pid (name) state parent ..`, and the name may hold anything.
        let (Some((pid, _)), Some((_, rest))) = (stat.split_once(' '), stat.rsplit_once(") "))
        else {
            continue;
        };
        let mut fields = rest.split(' ');
        // The state comes first.
        if fields.nth(1) == Some(&own) {
            found.push(pid.parse().expect("a process has a number"));
        }
    }
    found
}

const LONG: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(100);
