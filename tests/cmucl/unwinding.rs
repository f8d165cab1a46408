//! Calls that do not return, in each direction, and what comes after them.

use wire::{CallError, Ran, Wire, functions, remote, remote_fn, remote_value, remote_value_bind};

use crate::lisp::Lisp;
use crate::live::{Peer, check_alive};
use crate::offer::offer;

live!(octets, classic, extended; server, client => [
    lisp_unwinds,
    lisp_unwinds_in_a_call_for_its_effect,
    calls_behind_an_unwinding_are_answered,
    we_unwind,
    we_unwind_in_a_call_for_its_effect,
    lisp_unwinds_in_a_callback,
    lisp_gives_up_while_it_waits,
    we_give_up_while_we_wait,
]);

async fn lisp_unwinds(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    assert_eq!(remote_value!(wire, bail() -> i64).await.unwrap(), (None, true));
    let error = remote_value!(wire, bail() -> i64).value().await.unwrap_err();
    assert!(matches!(error, CallError::Unwound(_)), "{error}");
    // In the classic dialect an unwinding is a bare fact.
    let known = if lisp.peer() == Peer::Extended { Ran::Yes } else { Ran::Maybe };
    assert_eq!(error.ran(), known, "{error}");
    assert_eq!(remote_value!(wire, bail() -> i64, else 7).await.unwrap(), 7);
    assert_eq!(remote_value_bind!(wire, (a: i64) = bail(), a).unwrap(), None);
    let bound =
        remote_value_bind!(wire, (a: i64, b: i64) = bail(), { a + b } else |_reason| { -1 });
    assert_eq!(bound.unwrap(), -1);
    // An error in the function, a function that it has not, too few arguments, no symbol.
    for name in ["fail", "no_such_function", "elsewhere::nothing"] {
        let name = wire::Symbol::read(&name.replace('_', "-")).unwrap();
        assert_eq!(wire.call::<i64>(&name, &[]).await.unwrap(), (None, true), "{name}");
    }
    assert_eq!(remote_value!(wire, add(1) -> i64).await.unwrap(), (None, true));
    check_alive(&mut lisp, &wire).await;
}

async fn lisp_unwinds_in_a_call_for_its_effect(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    remote!(wire, note(1), bail(), note(2), no_such_function(3), note(4)).unwrap();
    assert_eq!(remote_value!(wire, notes() -> Vec<i64>).value().await.unwrap(), [1, 2, 4]);
    check_alive(&mut lisp, &wire).await;
}

async fn calls_behind_an_unwinding_are_answered(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    // In one write: an unmodified CMUCL reads what is behind an unwinding when more comes.
    let calls: Vec<_> = (0..20)
        .map(|n| {
            if n % 3 == 0 {
                remote_value!(wire, bail() -> i64)
            } else {
                remote_value!(wire, add(n, 100) -> i64)
            }
        })
        .collect();
    for (n, call) in calls.into_iter().enumerate() {
        let expected = if n % 3 == 0 { (None, true) } else { (Some(n as i64 + 100), false) };
        assert_eq!(call.await.unwrap(), expected, "call {n}");
    }
    check_alive(&mut lisp, &wire).await;
}

#[remote_fn]
fn panics() {
    panic!("as asked");
}

async fn we_unwind(mut lisp: Lisp) {
    let wire = lisp.wire(offer().merge(functions![panics])).await;
    for call in ["(bail)", "(divide 1 0)", "(panics)", "(no-such)", "(add 1)", "(add :a \"b\")"] {
        let value = lisp.eval(&format!("(wire:remote-value *wire* {call} :unwound)")).await;
        assert_eq!(value, ":UNWOUND", "{call}");
        // Without a third argument CMUCL 21d makes an error of it, against its manual.
        let form = format!("(ignore-errors (wire:remote-value *wire* {call}))");
        let values = lisp.eval(&form).await;
        if lisp.peer() == Peer::Octets {
            assert!(values.starts_with("NIL #<SIMPLE-ERROR"), "{call}: {values}");
        } else {
            assert_eq!(values, "NIL T", "{call}");
        }
        let form = format!("(wire:remote-value-bind *wire* (a b) {call} (list a b :not-skipped))");
        assert_eq!(lisp.eval(&form).await, "NIL", "{call}");
    }
    check_alive(&mut lisp, &wire).await;
}

async fn we_unwind_in_a_call_for_its_effect(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    let form = "(progn (wire:remote *wire* (note 1) (bail) (note 2) (no-such 3) (note 4))
                       (wire:remote-value *wire* (notes)))";
    assert_eq!(lisp.eval(form).await, "(1 2 4)");
    check_alive(&mut lisp, &wire).await;
}

#[remote_fn]
async fn have_lisp_bail(wire: &Wire) -> Result<i64, CallError> {
    remote_value!(wire, bail() -> i64).value().await
}

#[remote_fn]
async fn have_lisp_throw(wire: &Wire) -> Result<i64, CallError> {
    remote_value!(wire, throw_out() -> i64).value().await
}

async fn lisp_unwinds_in_a_callback(mut lisp: Lisp) {
    let wire = lisp.wire(offer().merge(functions![have_lisp_bail])).await;
    let called = remote_value!(wire, call_back_and_bail() -> bool).await.unwrap();
    // As it comes, what unwinds in a callback takes the waiting call along: there is one stack.
    let octets = lisp.peer() == Peer::Octets;
    assert_eq!(called, if octets { (None, true) } else { (Some(true), false) });
    check_alive(&mut lisp, &wire).await;
}

async fn lisp_gives_up_while_it_waits(mut lisp: Lisp) {
    let wire = lisp.wire(offer().merge(functions![have_lisp_throw])).await;
    let form = "(catch 'out (wire:remote-value *wire* (have-lisp-throw)))";
    assert_eq!(lisp.eval(form).await, ":THROWN");
    // The answer to the call that Lisp has left comes now, and nobody waits for it.
    check_alive(&mut lisp, &wire).await;
}

async fn we_give_up_while_we_wait(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    for n in 0..50 {
        let call = remote_value!(wire, add(n, n) -> i64);
        wire.force_output().await.unwrap();
        drop(call);
    }
    let timed = wire.timeout(std::time::Duration::from_millis(1));
    let error = remote_value!(timed, sleep_ms(100) -> i64).value().await.unwrap_err();
    assert!(matches!(error, CallError::TimedOut { .. }), "{error}");
    check_alive(&mut lisp, &wire).await;
}
