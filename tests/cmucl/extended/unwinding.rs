//! What comes after an unwinding: the next call, as if nothing had been.

use wire::{Symbol, Wire, functions, remote, remote_fn, remote_value};

use super::wire;
use crate::lisp::Lisp;
use crate::live::{check_alive, in_time};
use crate::offer::offer;
use crate::terminal::Terminal;

live!(classic, extended; server, client => [
    calls_behind_an_unwinding_are_answered,
    calls_behind_a_throw_out_of_all_are_answered,
    a_package_that_comes_later,
    only_the_callback_unwinds,
    a_call_that_cannot_be_written_leaves_nothing,
    arguments_may_call_the_peer,
]);

/// Two requests in one write, of which the first unwinds by `first`.
async fn in_one_write(wire: &Wire, first: &str) {
    let first = Symbol::read(first).unwrap();
    for n in 0..20 {
        let unwinds = wire.call::<i64>(&first, &[]);
        let added = remote_value!(wire, add(n, 100) -> i64);
        assert_eq!(unwinds.await.unwrap(), (None, true), "{first} {n}");
        assert_eq!(added.value().await.unwrap(), n + 100, "{first} {n}");
    }
}

async fn calls_behind_an_unwinding_are_answered(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    for first in ["bail", "fall", "halt", "no-such-function", "no-such-package::f", "hash"] {
        in_one_write(&wire, first).await;
    }
    remote!(wire, note(1), bail(), note(2), fall(), note(3)).unwrap();
    assert_eq!(remote_value!(wire, notes() -> Vec<i64>).value().await.unwrap(), [1, 2, 3]);
    check_alive(&mut lisp, &wire).await;
}

async fn calls_behind_a_throw_out_of_all_are_answered(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    in_one_write(&wire, "leave-all").await;
    check_alive(&mut lisp, &wire).await;
}

async fn a_package_that_comes_later(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    let thing = Symbol::read("comes-later::thing").unwrap();
    for _ in 0..2 {
        assert_eq!(remote_value!(wire, echo(thing) -> Symbol).await.unwrap(), (None, true));
        check_alive(&mut lisp, &wire).await;
    }
    lisp.eval("(make-package \"COMES-LATER\" :use '())").await;
    for _ in 0..2 {
        assert_eq!(remote_value!(wire, echo(thing) -> Symbol).value().await.unwrap(), thing);
    }
}

#[remote_fn]
async fn have_lisp_bail(wire: &Wire) -> bool {
    remote_value!(wire, bail() -> i64).await.is_ok_and(|(_, unwound)| unwound)
}

async fn only_the_callback_unwinds(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer().merge(functions![have_lisp_bail])).await;
    for _ in 0..3 {
        assert_eq!(lisp.eval("(wire:remote-value *wire* (have-lisp-bail))").await, "T");
    }
    check_alive(&mut lisp, &wire).await;
}

async fn a_call_that_cannot_be_written_leaves_nothing(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    let unsendable = "(list 1 'new-symbol (make-hash-table))";
    for form in [
        format!("(wire:remote *wire* (note {unsendable}))"),
        format!("(wire:remote-value *wire* (note {unsendable}))"),
        format!("(wire:remote-value-bind *wire* (a b) (note {unsendable}) (list a b))"),
        format!("(wire:wire-output-object *wire* {unsendable})"),
        "(wire:remote *wire* (note (error \"in an argument\")))".to_owned(),
    ] {
        assert_eq!(lisp.eval(&form).await, "UNWOUND", "{form}");
        // The symbol, too, was never saved.
        let form = "(wire:remote-value *wire* (echo '(new-symbol)))";
        assert_eq!(lisp.eval(form).await, "(NEW-SYMBOL)");
    }
    assert_eq!(lisp.eval("(wire:remote-value *wire* (notes))").await, "NIL");
    check_alive(&mut lisp, &wire).await;
}

async fn arguments_may_call_the_peer(mut lisp: Lisp) {
    let _wire = wire(&mut lisp, offer()).await;
    let form = "(wire:remote-value *wire* (add (wire:remote-value *wire* (add 1 2))
                                               (progn (wire:remote *wire* (note 7)) 4)))";
    assert_eq!(lisp.eval(form).await, "7");
    assert_eq!(lisp.eval("(wire:remote-value *wire* (notes))").await, "(7)");
}

/// A server whose errors wait in the debugger, as they do unless it says otherwise: whoever sits at
/// it chooses how the call unwinds.
#[tokio::test]
async fn an_error_enters_the_debugger_unless_it_unwinds() {
    let command = "cmucl -noinit -load lisp/wire.lisp -load tests/cmucl/functions.lisp";
    let Some(mut lisp) = Terminal::run(command) else { return };
    in_time(async {
        lisp.enter("(wire:run-server 0 :unwind-on-error nil)").await;
        let port = lisp.port().await;
        let wire = Wire::builder().extended().connect(("127.0.0.1", port)).await.unwrap();
        let waits = remote_value!(wire, divide(1, 0) -> i64);
        wire.force_output().await.unwrap();
        lisp.until("DIVISION-BY-ZERO").await;
        lisp.until("0: [ABORT] Unwind DIVIDE, which a peer has called.").await;
        // What is typed before it asks is forgotten.
        lisp.until("\n0] ").await;
        lisp.enter("0").await;
        let reason = waits.value().await.unwrap_err();
        assert!(reason.to_string().contains("ABORT"), "{reason}");
        assert_eq!(remote_value!(wire, add(1, 2) -> i64).value().await.unwrap(), 3);
    })
    .await;
}
