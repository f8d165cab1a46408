//! What a command cannot do, to the machine, to the server, or to the next command.

use super::{evaluators, limits, outcome, run};

#[tokio::test]
async fn nothing_is_left_for_the_next_command() {
    let evaluators = evaluators(wire::functions![], limits());
    for command in ["(defun f () 1) (defvar *x* 1) (setq y 2)", "(defun car (x) 'mine) (car 1)"] {
        run(&evaluators, command).await.unwrap();
    }
    assert_eq!(outcome(&evaluators, "(f)").await, "UNDEFINED-FUNCTION");
    assert_eq!(outcome(&evaluators, "*x*").await, "UNBOUND-VARIABLE");
    assert_eq!(outcome(&evaluators, "y").await, "UNBOUND-VARIABLE");
    assert_eq!(outcome(&evaluators, "(car '(1))").await, "1");
}

/// Names of the engine behind the language, and what they would be given. None of them is a name
/// of the language's.
const ESCAPES: &[&str] = &[
    "(open-input-file \"/etc/passwd\")",
    "(read-port-to-string (open-input-file \"/etc/passwd\"))",
    "(delete-file! \"/tmp/x\")",
    "(create-directory! \"/tmp/x\")",
    "(read-dir \"/\")",
    "(path-exists? \"/\")",
    "(command \"ls\" '())",
    "(spawn-process (command \"ls\" '()))",
    "(tcp-connect \"127.0.0.1:1\")",
    "(http-get \"http://127.0.0.1\")",
    "(require \"steel/process\")",
    "(require-builtin steel/filesystem)",
    "(#%require-dylib \"x\")",
    "(load \"/etc/passwd\")",
    "(eval '(+ 1 2))",
    "(eval-string \"(+ 1 2)\")",
    "(env-var \"PATH\")",
    "(set-env-var! \"PATH\" \"\")",
    "(maybe-get-env-var \"PATH\")",
    "(exit 3)",
    "(process-exit 3)",
    "(spawn-native-thread (lambda () 1))",
    "(spawn-thread! (lambda () 1))",
    "(current-directory)",
    "(change-current-directory! \"/\")",
    "(#%prim.command \"ls\" '())",
    "(|#%prim.command| \"ls\" '())",
    "(%raise 'foo \"x\")",
    "(|%set-depth| 0)",
    "(define-syntax f (syntax-rules () ((f) (command \"ls\" '()))))",
    "(call-with-exception-handler (lambda (e) 1) (lambda () 2))",
    "(v1) (f1) (g1) (k0) (h0)",
    "(inspect car)",
    "(#.(+ 1 2))",
];

#[tokio::test]
async fn there_is_no_way_out() {
    let evaluators = evaluators(wire::functions![], limits());
    for escape in ESCAPES {
        let got = run(&evaluators, escape).await;
        let hint = got.unwrap_err();
        let refused = ["UNDEFINED-FUNCTION", "UNBOUND-VARIABLE", "READER-ERROR", "PROGRAM-ERROR"];
        assert!(refused.contains(&&*hint.condition), "{escape}: {hint}");
    }
    for (shadowed, value) in [
        (
            "(let ((command 1) (require 2) (eval 3) (lambda 4)) (list command require eval lambda))",
            "(1 2 3 4)",
        ),
        (
            "(defun require (x) (list 'mine x)) (require \"steel/process\")",
            "(MINE \"steel/process\")",
        ),
        ("'(require \"steel/process\")", "(REQUIRE \"steel/process\")"),
        ("(define |) (exit 3) (| 1) |) (exit 3) (|", "1"),
        ("\"\\\") (exit 3) (\\\"\"", "\"\\\") (exit 3) (\\\"\""),
    ] {
        assert_eq!(outcome(&evaluators, shadowed).await, value, "{shadowed}");
    }
}

#[tokio::test]
async fn a_dropped_evaluation_ends_its_command() {
    let evaluators = evaluators(wire::functions![], limits());
    let (begun, begins) = tokio::sync::oneshot::channel();
    let begun = std::sync::Mutex::new(Some(begun));
    let running = tokio::spawn({
        let evaluators = evaluators.clone();
        async move {
            let tell = move |_| {
                if let Some(begun) = begun.lock().unwrap().take() {
                    begun.send(()).unwrap();
                }
            };
            evaluators.evaluate("(progress 0.1) (sleep 1000)", super::LONG, tell).await
        }
    });
    begins.await.unwrap();
    running.abort();
    // There is one process at most, so that this runs only if that one is given up.
    assert_eq!(outcome(&evaluators, "(+ 1 2)").await, "3");
}
