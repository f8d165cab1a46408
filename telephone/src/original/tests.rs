use jiff::Timestamp;

use super::*;
use crate::job::{Hint, State};

const RECORDED: &str = include_str!("../../tests/vectors/telephone.tsv");

fn recorded(request: &str) -> &'static str {
    let line = RECORDED.lines().find(|line| line.starts_with(request)).expect("it is recorded");
    line.split_once('\t').expect("a tab stands in each line").1
}

fn job(state: State) -> Job {
    let id = "G241".parse().expect("it is an id");
    Job::new(id, "(+ 1 2)", state, Timestamp::UNIX_EPOCH)
}

fn unwound(condition: &str) -> Job {
    Job { hint: Some(Hint::new(condition, "as it may be")), ..job(State::Unwound) }
}

#[test]
fn each_recorded_answer_is_written_and_read() {
    let value = r#"(1 "a b" :K 2.5 FOO 1/3)"#;
    let finished = Job { value: Some(value.to_owned()), ..job(State::Finished) };
    let cases = [
        ("POST /tres of it, before", Some(job(State::Waiting)), Answer::Waiting),
        ("POST /tres of it, later", Some(finished), Answer::Finished(value.to_owned())),
        ("POST /tres id=ZZZ", None, Answer::NotFound),
        (
            "POST /tres of (error",
            Some(unwound("SIMPLE-ERROR")),
            Answer::Failed("SIMPLE-ERROR".to_owned()),
        ),
        (
            "POST /tres of (/ 1 0)",
            Some(unwound("DIVISION-BY-ZERO")),
            Answer::Failed("DIVISION-BY-ZERO".to_owned()),
        ),
        ("POST /tres of (sleep 3)", Some(job(State::Running)), Answer::Running),
    ];
    for (request, job, answer) in cases {
        let body = recorded(request);
        assert_eq!(result_body(job.as_ref()), body, "{request}");
        assert_eq!(Answer::read_body(body), Ok(answer), "{request}");
    }
}

#[test]
fn an_id_is_written_as_recorded() {
    assert_eq!(id_body(&job(State::Waiting).id), recorded("POST /tcmd cmd="));
}

#[test]
fn packages_and_case_of_a_state_are_free() {
    for text in ["(finished 3)", "(Telephone:Finished 3)", " ( |TELEPHONE|::FINISHED  3 ) "] {
        assert_eq!(Answer::read_body(text), Ok(Answer::Finished("3".to_owned())), "{text}");
    }
    let error = Answer::Failed("PARSE-ERROR".to_owned());
    assert_eq!(Answer::read_body("(FINISHED (error sb-kernel::parse-error))"), Ok(error));
}

#[test]
fn a_value_is_kept_as_printed() {
    for value in
        ["#<FUNCTION CAR>", "(ERROR)", "(ERROR A B)", "(ERRORS A)", "#\\)", "\"(ERROR A)\""]
    {
        let answer = Answer::Finished(value.to_owned());
        assert_eq!(Answer::read_body(&answer.to_body()), Ok(answer));
    }
}

#[test]
fn ends_without_a_value_are_finished_errors() {
    for (state, text) in [
        (State::Cancelled, "(FINISHED (ERROR CANCELLED))"),
        (State::Expired, "(FINISHED (ERROR EXPIRED))"),
        (State::Interrupted, "(FINISHED (ERROR INTERRUPTED))"),
    ] {
        assert_eq!(Answer::of(Some(&job(state))).to_string(), text);
    }
}

#[test]
fn a_condition_that_is_no_plain_symbol_stands_between_bars() {
    let answer = Answer::of(Some(&unwound("it) broke")));
    assert_eq!(answer.to_string(), "(FINISHED (ERROR |it) broke|))");
}

#[test]
fn what_is_not_an_answer_is_refused() {
    for body in
        ["", "3", "(FINISHED)", "(LOST NIL)", "<html>", "%28FINISHED%20%FF%29", "(FINISHED 3"]
    {
        assert!(Answer::read_body(body).is_err(), "{body}");
    }
    for body in ["", "G610", "%22%22", "%22a%20b%22", "\"G1"] {
        assert!(read_id_body(body).is_err(), "{body}");
    }
    let error = Answer::read_body(&"x".repeat(5000)).expect_err("it is none").to_string();
    assert!(error.len() < 300, "{error}");
}

#[test]
fn a_request_is_shown_as_the_original_shows_it() {
    let id = "G610".parse().expect("it is an id");
    assert_eq!(request_line(&id, &Submission::new("(+ 1 2)")), "G610 remote request: (+ 1 2)");
    let bell = request_line(&id, &Submission::new("\u{7}\u{1b}[2J"));
    assert_eq!(bell, r"G610 remote request: \u{7}\u{1b}[2J");
}
