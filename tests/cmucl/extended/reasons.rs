//! Why a call unwound, told in each direction.

use wire::{CallError, Ran, Symbol, Unwound, Wire, functions, remote, remote_fn, remote_value};

use super::wire;
use crate::lisp::Lisp;
use crate::live::check_alive;
use crate::offer::offer;

live!(extended; server, client => [
    errors_of_lisp_have_reasons,
    what_did_not_run_says_so,
    values_that_cannot_be_sent,
    our_reasons_in_lisp,
    a_reason_is_passed_on,
]);
live!(either_dialect: classic, extended; server, client => [
    errors_are_written_down,
    lisp_has_the_fact_in_either_dialect,
    a_stack_that_overflows,
]);

async fn reason(wire: &Wire, name: &str, arguments: &[&dyn wire::ToWire]) -> Unwound {
    let name = Symbol::read(name).unwrap();
    match wire.call::<i64>(&name, arguments).value().await {
        Err(CallError::Unwound(reason)) => reason,
        other => panic!("{name}: {other:?}"),
    }
}

async fn errors_of_lisp_have_reasons(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    let told = reason(&wire, "turn-to", &[&9]).await;
    assert_eq!(told.condition(), Some(&Symbol::read("no-such-line").unwrap()));
    assert_eq!(told.message(), "line 9 is beyond the end");
    assert_eq!((told.function(), told.ran()), (Some("TURN-TO"), Ran::Yes));
    let told = reason(&wire, "fail-saying", &[&"~A is ~A", &"größe", &"😀"]).await;
    assert!(told.is("SIMPLE-ERROR"));
    assert_eq!(told.message(), "größe is 😀");
    assert!(reason(&wire, "divide", &[&1, &0]).await.is("DIVISION-BY-ZERO"));
    assert!(reason(&wire, "add", &[&1]).await.message().contains("number of arguments"));
    assert!(reason(&wire, "bail", &[]).await.is("ABORT"));
    let told = reason(&wire, "halt", &[]).await;
    assert!(told.is("SIMPLE-CONDITION"));
    assert_eq!((told.message(), told.function()), ("as asked, for 3", Some("HALT")));
    check_alive(&mut lisp, &wire).await;
}

async fn what_did_not_run_says_so(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    let told = reason(&wire, "no-such-function", &[&1]).await;
    assert!(told.is("UNDEFINED-FUNCTION"));
    assert_eq!((told.function(), told.ran()), (Some("NO-SUCH-FUNCTION"), Ran::No));
    let missing = Symbol::read("no-such-package::thing").unwrap();
    let told = reason(&wire, "echo", &[&missing]).await;
    assert!(told.is("REFUSED") && told.message().contains("NO-SUCH-PACKAGE"), "{told}");
    assert_eq!((told.function(), told.ran()), (Some("ECHO"), Ran::No));
    check_alive(&mut lisp, &wire).await;
}

async fn values_that_cannot_be_sent(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    for function in ["hash", "hash-and-text"] {
        let name = Symbol::read(function).unwrap();
        let values = wire.call_values::<(wire::Value, wire::Value)>(&name, &[]).value().await;
        let Err(CallError::Unwound(told)) = values else { panic!("{values:?}") };
        assert!(told.is("NOT-SENDABLE") && told.message().contains("HASH-TABLE"), "{told}");
        assert_eq!(told.ran(), Ran::Yes);
        check_alive(&mut lisp, &wire).await;
    }
    // Nobody asked for the value that cannot be sent.
    let text = remote_value!(wire, hash_and_text() -> String).value().await.unwrap();
    assert_eq!(text, "text");
}

#[remote_fn]
fn turn_to(line: i64) -> Result<i64, NoSuchLine> {
    Err(NoSuchLine(line))
}

#[derive(Debug)]
struct NoSuchLine(i64);

impl std::fmt::Display for NoSuchLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Zeile {} gibt es nicht 😀", self.0)
    }
}

impl std::error::Error for NoSuchLine {}

#[remote_fn]
fn burst() {
    panic!("as asked");
}

const REASON: &str = "(let ((reason (wire:unwound-reason)))
                        (list (symbol-name (wire:unwound-condition reason))
                              (wire:unwound-message reason) (wire:unwound-function reason)
                              (wire:unwound-ran reason)))";

async fn our_reasons_in_lisp(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer().merge(functions![turn_to, burst])).await;
    assert_eq!(lisp.eval("(wire:remote-value *wire* (turn-to 9))").await, "NIL T");
    let form = format!("(wire:remote-value *wire* (turn-to 9) {REASON})");
    // The terminal has an octet for a character.
    let codes = format!("(code-points (second {form}))");
    let message: Vec<_> =
        "Zeile 9 gibt es nicht 😀".chars().map(|c| u32::from(c).to_string()).collect();
    assert_eq!(lisp.eval(&codes).await, format!("({})", message.join(" ")));
    let form = format!("(wire:remote-value *wire* (burst) {REASON})");
    assert_eq!(lisp.eval(&form).await, "(\"PANIC\" \"as asked\" \"BURST\" T)");
    let form = format!("(wire:remote-value *wire* (no-such) (first {REASON}))");
    assert_eq!(lisp.eval(&form).await, "\"UNDEFINED-FUNCTION\"");
    let form = "(wire:remote-value *wire* (no-such) (wire:unwound-ran (wire:unwound-reason)))";
    assert_eq!(lisp.eval(form).await, "NIL");
    let bound = format!(
        "(list (wire:remote-value-bind *wire* (a b) (burst) (list a b :not-skipped)) {REASON})"
    );
    assert_eq!(lisp.eval(&bound).await, "(NIL (\"PANIC\" \"as asked\" \"BURST\" T))");
    let form = "(wire:remote-value *wire* (burst) (princ-to-string (wire:unwound-reason)))";
    assert_eq!(lisp.eval(form).await, "\"The peer unwound from BURST: PANIC: as asked\"");
    check_alive(&mut lisp, &wire).await;
    assert_eq!(lisp.eval("(wire:unwound-reason)").await, "NIL");
}

async fn a_reason_is_passed_on(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer().merge(functions![turn_to])).await;
    let told = reason(&wire, "pass-on", &[&4]).await;
    assert!(told.is("NO-SUCH-LINE"), "{told}");
    assert!(told.message().contains("from TURN-TO: NO-SUCH-LINE: Zeile 4"), "{told}");
    assert_eq!(told.function(), Some("PASS-ON"));
}

async fn errors_are_written_down(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    remote!(wire, turn_to(3)).unwrap();
    assert_eq!(remote_value!(wire, turn_to(4) -> i64).await.unwrap(), (None, true));
    let logged = lisp.eval("(logged)").await;
    let expected =
        [3, 4].map(|line| format!("; wire: TURN-TO: NO-SUCH-LINE: line {line} is beyond the end"));
    assert!(expected.iter().all(|line| logged.contains(line)), "{logged}");
}

async fn lisp_has_the_fact_in_either_dialect(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer().merge(functions![turn_to])).await;
    let form = "(wire:remote-value *wire* (turn-to 9))";
    assert_eq!(lisp.eval(form).await, "NIL T");
    assert_eq!(lisp.eval("(wire:remote-value *wire* (turn-to 9) :unwound)").await, ":UNWOUND");
    assert_eq!(lisp.eval("(wire:remote-value-bind *wire* (a) (turn-to 9) :body)").await, "NIL");
    assert_eq!(lisp.eval("(typep (wire:unwound-reason) 'wire:unwound)").await, "T");
    check_alive(&mut lisp, &wire).await;
    assert_eq!(lisp.eval("(wire:unwound-reason)").await, "NIL");
}

async fn a_stack_that_overflows(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    for _ in 0..2 {
        assert_eq!(remote_value!(wire, dig(0) -> i64).await.unwrap(), (None, true));
        check_alive(&mut lisp, &wire).await;
    }
}
