//! Calls among arguments: read whole, run from the innermost on, and unwound as one.

use wire::{Call, Pending, Symbol, ToWire, Value, Wire, remote, remote_value};

use super::wire;
use crate::lisp::Lisp;
use crate::live::check_alive;
use crate::offer::offer;

live!(classic, extended; server, client => [
    fifty_deep,
    calls_run_from_left_to_right,
    calls_stand_in_lists,
    an_unwinding_unwinds_the_whole,
    what_cannot_be_read_unwinds_the_whole,
]);

/// `(ADD (ADD .. innermost 1) 1)`, so many calls.
fn sum(wire: &Wire, add: &Symbol, calls: u32, innermost: &dyn ToWire) -> Pending<Value> {
    let arguments = [innermost, &1];
    match calls {
        1 => wire.call(add, &arguments),
        _ => sum(wire, add, calls - 1, &Call::new(add, &arguments)),
    }
}

async fn fifty_deep(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    let add = Symbol::read("add").unwrap();
    for calls in [1, 2, 50, 500] {
        let value = sum(&wire, &add, calls, &0).value().await.unwrap();
        assert_eq!(value, Value::from(calls), "{calls} calls");
    }
    // Unwinding at the bottom of them.
    let bail = Symbol::read("bail").unwrap();
    assert_eq!(sum(&wire, &add, 49, &Call::new(&bail, &[])).await.unwrap(), (None, true));
    check_alive(&mut lisp, &wire).await;
}

async fn calls_run_from_left_to_right(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await.allow_leftover_calls();
    let value = remote_value!(wire, list(@note(1), @list(@note(2), @note(3)), @note(4)) -> Value);
    value.value().await.unwrap();
    assert_eq!(remote_value!(wire, notes() -> Vec<i64>).value().await.unwrap(), [1, 2, 3, 4]);
    remote!(wire, note(@add(@add(1, 2), @add(3, 4)))).unwrap();
    assert_eq!(remote_value!(wire, notes() -> Vec<i64>).value().await.unwrap(), [10]);
    // Of several values, the first.
    let quotient = remote_value!(wire, add(@divide(17, 5), 100) -> i64).value().await.unwrap();
    assert_eq!(quotient, 103);
}

async fn calls_stand_in_lists(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await.allow_leftover_calls();
    let add = Symbol::read("add").unwrap();
    let call = Call::new(&add, &[&20, &22]);
    let echo = Symbol::read("echo").unwrap();
    for (argument, expected) in [
        (&(1, call, "x") as &dyn ToWire, "(1 42 \"x\")"),
        (&vec![call, call], "(42 42)"),
        (&(call, (call, 3)), "(42 (42 3))"),
    ] {
        let back = wire.call::<Value>(&echo, &[argument]).value().await.unwrap();
        assert_eq!(back, Value::read(expected).unwrap());
    }
    let mut long: Vec<Box<dyn ToWire>> = (0..1000).map(|n| Box::new(n) as _).collect();
    long[500] = Box::new(Call::new(&add, &[&250, &250]));
    let back = wire.call::<Vec<i64>>(&echo, &[&long]).value().await.unwrap();
    assert!(back.into_iter().eq(0..1000));
}

async fn an_unwinding_unwinds_the_whole(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await.allow_leftover_calls();
    let unwound =
        remote_value!(wire, list(@note(1), @list(@bail(), @note(2)), @note(3)) -> Value).await;
    assert_eq!(unwound.unwrap(), (None, true));
    remote!(wire, list(@note(4), @turn_to(9), @note(5)), note(6)).unwrap();
    // Nothing of what stood behind them has run.
    assert_eq!(remote_value!(wire, notes() -> Vec<i64>).value().await.unwrap(), [1, 4, 6]);
    check_alive(&mut lisp, &wire).await;
}

async fn what_cannot_be_read_unwinds_the_whole(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await.allow_leftover_calls();
    let missing = Symbol::read("no-such-package::thing").unwrap();
    for _ in 0..2 {
        let unwound = remote_value!(wire, list(@note(1), missing, @note(2)) -> Value).await;
        assert_eq!(unwound.unwrap(), (None, true));
        remote!(wire, list(@note(3), @note(missing))).unwrap();
    }
    assert_eq!(remote_value!(wire, notes() -> Vec<i64>).value().await.unwrap(), []);
    check_alive(&mut lisp, &wire).await;
}
