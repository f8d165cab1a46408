//! The functions of the serving program, called by commands.

use std::sync::{Arc, Mutex};

use telephone::Progress;
use telephone::evaluator::EvaluatorError;
use wire::{Value, functions, remote_fn};

use super::{Evaluators, LONG, evaluators, limits, outcome, run};

#[remote_fn]
fn add_all(numbers: Vec<i64>) -> i64 {
    numbers.iter().sum()
}

/// Gives back what it was given.
#[remote_fn]
fn same_again(value: Value) -> Value {
    value
}

#[remote_fn]
fn refuse(why: String) -> Result<(), String> {
    Err(why)
}

#[remote_fn]
fn fail() -> i64 {
    panic!("on purpose")
}

#[remote_fn(package = "MATH")]
async fn halve(number: f64) -> f64 {
    tokio::task::yield_now().await;
    number / 2.0
}

#[remote_fn]
fn room(room: &Room) -> String {
    room.0.to_owned()
}

struct Room(&'static str);

fn offered() -> Evaluators {
    let api = functions![add_all, same_again, refuse, fail, halve, room];
    let api = api.state(Arc::new(Room("lobby")));
    evaluators(api, limits())
}

#[tokio::test]
async fn commands_call_what_the_program_offers() {
    let evaluators = offered();
    for (command, expected) in [
        ("(add-all '(1 2 3))", "6"),
        ("(mapcar #'add-all '((1 2) (3 4)))", "(3 7)"),
        ("(math::halve 5)", "2.5"),
        ("(room)", "\"lobby\""),
        ("(funcall 'add-all (list 1 2))", "3"),
        ("(let ((add-all 3)) (add-all (list add-all)))", "3"),
        (
            "(same-again '(1 \"a\" :k foo nil t (2.5 #(1 2)) pkg::x))",
            "(1 \"a\" :K FOO NIL T (2.5 #(1 2)) PKG::X)",
        ),
        ("(same-again (expt 2 100))", "1267650600228229401496703205376"),
        ("(same-again 1/3)", "TYPE-ERROR"),
        ("(same-again #'car)", "TYPE-ERROR"),
        ("(halve 5)", "UNDEFINED-FUNCTION"),
        ("(defun add-all (x) 'mine) (add-all 1)", "MINE"),
    ] {
        assert_eq!(outcome(&evaluators, command).await, expected, "{command}");
    }
    let names: Vec<_> = evaluators.functions().into_iter().map(|info| info.name).collect();
    assert_eq!(names, ["ADD-ALL", "SAME-AGAIN", "REFUSE", "FAIL", "HALVE", "ROOM"]);
}

#[tokio::test]
async fn an_unwinding_of_the_programs_is_an_error_of_the_commands() {
    let evaluators = offered();
    let hint = run(&evaluators, "(refuse \"not today\")").await.unwrap_err();
    assert!(hint.message.contains("not today"), "{hint}");
    let taken = "(handler-case (refuse \"no\") (error (c) (list :no (princ-to-string c))))";
    assert_eq!(outcome(&evaluators, taken).await, "(:NO \"no\")");
    let taken = "(handler-case (fail) (error () 'failed))";
    assert_eq!(outcome(&evaluators, taken).await, "FAILED");
    let wrong = run(&evaluators, "(add-all 1)").await.unwrap_err();
    assert!(!wrong.message.is_empty());
    assert_eq!(outcome(&evaluators, "(add-all '(1))").await, "1");
}

#[tokio::test]
async fn progress_is_told_in_order() {
    let evaluators = evaluators(functions![], limits());
    let told = Arc::new(Mutex::new(Vec::new()));
    let listener = Arc::clone(&told);
    let tell = move |progress| listener.lock().unwrap().push(progress);
    let command = "(dotimes (i 3) (progress (/ i 2) (format nil \"step ~a\" i))) 'done";
    assert_eq!(evaluators.evaluate(command, LONG, tell).await.as_deref(), Ok("DONE"));
    let expected = [(0.0, "step 0"), (0.5, "step 1"), (1.0, "step 2")];
    let expected = expected.map(|(fraction, note)| Progress::new(fraction, note));
    assert_eq!(*told.lock().unwrap(), expected);
}

#[remote_fn(name = "MAPCAR")]
fn taken() {}

#[tokio::test]
async fn a_name_of_the_languages_cannot_be_offered() {
    let program = env!("CARGO_BIN_EXE_telephone");
    let error = Evaluators::start_program(program.into(), functions![taken], limits());
    let error = error.unwrap_err();
    assert!(matches!(&error, EvaluatorError::NameTaken { name } if name == "MAPCAR"), "{error}");
    let elsewhere = evaluators(functions![taken].package("MINE"), limits());
    assert_eq!(outcome(&elsewhere, "(list (mine::mapcar) (mapcar '1+ '(1)))").await, "(NIL (2))");
    let error = Evaluators::start(functions![], limits()).unwrap_err();
    assert!(matches!(error, EvaluatorError::NotServing), "{error}");
}

#[tokio::test]
async fn several_commands_run_at_once() {
    let evaluators = evaluators(functions![], limits().processes(3));
    let commands = (0..6).map(|n| {
        let evaluators = evaluators.clone();
        tokio::spawn(async move { outcome(&evaluators, &format!("(* {n} {n})")).await })
    });
    let commands: Vec<_> = commands.collect();
    for (n, command) in commands.into_iter().enumerate() {
        assert_eq!(command.await.unwrap(), (n * n).to_string());
    }
}
