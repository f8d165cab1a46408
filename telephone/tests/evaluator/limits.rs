//! What a command may use, and that the evaluators are well when it wanted more.

use std::time::Duration;

use super::{evaluators, limits, outcome, run};

#[tokio::test]
async fn a_command_without_end_ends_at_its_time() {
    let evaluators = evaluators(wire::functions![], limits());
    // Starting an evaluator is not counted.
    for endless in [
        "(loop)",
        "(sleep 1000)",
        "(labels ((f () (f))) (f))",
        "(handler-case (loop) (error () 1))",
    ] {
        let limit = Duration::from_millis(300);
        let hint = evaluators.evaluate(endless, limit, |_| {}).await.unwrap_err();
        assert_eq!(hint.condition, "TIMEOUT", "{endless}: {hint}");
        assert!(hint.message.contains("300ms"), "{hint}");
    }
    assert_eq!(outcome(&evaluators, "(+ 1 2)").await, "3");
}

#[tokio::test]
async fn a_command_that_heeds_no_interrupt_is_killed() {
    let evaluators = evaluators(wire::functions![], limits());
    // One multiplication that takes longer than anybody waits.
    let deaf = "(let ((x (expt 7 30000000))) (* x x))";
    let hint = evaluators.evaluate(deaf, Duration::from_millis(300), |_| {}).await.unwrap_err();
    assert_eq!(hint.condition, "TIMEOUT");
    assert_eq!(outcome(&evaluators, "(+ 1 2)").await, "3");
}

#[tokio::test]
async fn memory_is_bounded() {
    let bounds = limits().memory(200 << 20);
    let evaluators = evaluators(wire::functions![], bounds);
    let greedy = "(define (grow l) (grow (cons (make-list 1000) l))) (grow '())";
    let hint = run(&evaluators, greedy).await.unwrap_err();
    assert_eq!(hint.condition, "STORAGE-EXHAUSTED", "{hint}");
    assert!(hint.message.contains("200 MiB"), "{hint}");
    assert_eq!(outcome(&evaluators, "(+ 1 2)").await, "3");
}

#[tokio::test]
async fn recursion_is_bounded_and_calls_in_tail_position_are_not() {
    let bounds = limits().depth(10_000);
    let evaluators = evaluators(wire::functions![], bounds);
    for endless in [
        "(defun f (x) (+ 1 (f x))) (f 1)",
        "(defun f () (list (f))) (f)",
        "(defun f (x) (mapcar #'f (list x))) (f 1)",
        "(define (f x) (let ((y (f x))) y)) (f 1)",
    ] {
        let hint = run(&evaluators, endless).await.unwrap_err();
        assert_eq!(hint.condition, "STACK-EXHAUSTED", "{endless}: {hint}");
        assert!(hint.message.contains("10000"), "{hint}");
    }
    let deep = "(defun f (n) (if (= n 0) 0 (+ 1 (f (- n 1))))) (f 9000)";
    assert_eq!(outcome(&evaluators, deep).await, "9000");
    let tail = "(defun f (n) (if (= n 0) 'done (f (- n 1)))) (f 50000)";
    assert_eq!(outcome(&evaluators, tail).await, "DONE");
    let taken = "(defun f () (+ 1 (f))) (handler-case (f) (storage-condition () 'deep))";
    assert_eq!(outcome(&evaluators, taken).await, "DEEP");
    let again = "(defun f (n) (if (= n 0) 0 (+ 1 (ignore-errors (g (- n 1)))))) (defun g (n) (f n)) \
                 (dotimes (i 30) (ignore-errors (f 4000))) (f 4000)";
    assert_eq!(outcome(&evaluators, again).await, "4000");
}

#[tokio::test]
async fn code_and_values_have_their_bounds() {
    let bounds = limits().command_octets(1 << 20).value_octets(10_000);
    let evaluators = evaluators(wire::functions![], bounds);
    let long = format!("'({})", "x ".repeat(1 << 19));
    assert_eq!(outcome(&evaluators, &long).await, "COMMAND-TOO-LONG");
    assert_eq!(outcome(&evaluators, "(make-list 4000)").await, "VALUE-TOO-LONG");
    assert_eq!(outcome(&evaluators, "(make-string-of 1)").await, "UNDEFINED-FUNCTION");
    let circular = "(let ((v (vector 1))) (setf (aref v 0) v) v)";
    assert_eq!(outcome(&evaluators, circular).await, "VALUE-TOO-LONG");
    let deep = format!("'{}{}", "(".repeat(4_000), ")".repeat(4_000));
    let innermost = format!("{}NIL{}", "(".repeat(3_999), ")".repeat(3_999));
    assert_eq!(outcome(&evaluators, &deep).await, innermost);
    let code = format!("{}1{}", "(1+ ".repeat(245), ")".repeat(245));
    assert_eq!(outcome(&evaluators, &code).await, "246");
    let too_deep = format!("{}1{}", "(1+ ".repeat(1_000), ")".repeat(1_000));
    assert_eq!(outcome(&evaluators, &too_deep).await, "PROGRAM-ERROR");
    let parens = "(".repeat(100_000);
    assert_eq!(outcome(&evaluators, &parens).await, "READER-ERROR");
}
