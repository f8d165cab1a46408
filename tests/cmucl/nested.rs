//! Calls among the arguments of calls, which Lisp evaluates.

use wire::{Call, CallError, Ran, Symbol, Value, Wire, remote, remote_value, remote_value_bind};

use crate::lisp::Lisp;
use crate::live::Peer;
use crate::offer::offer;

live!(octets, classic, extended; server, client => [
    a_call_takes_its_place,
    several_in_one_list,
    an_unwinding_unwinds_the_whole,
    what_is_left_of_the_arguments,
    symbols_behind_an_unwinding,
]);

async fn notes(wire: &Wire) -> Vec<Value> {
    remote_value!(wire, notes()).value().await.unwrap()
}

async fn a_call_takes_its_place(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    assert_eq!(remote_value!(wire, add(@add(1, 2), 3) -> i64).value().await.unwrap(), 6);
    let deep = remote_value!(wire, add(4, @add(@add(@echo(1), 2), 3)) -> i64);
    assert_eq!(deep.value().await.unwrap(), 10);
    // Of several values the first.
    assert_eq!(remote_value!(wire, echo(@divide(17, 5)) -> i64).value().await.unwrap(), 3);
    let both = remote_value_bind!(wire, (q: i64, r: i64) = divide(@add(10, 7), 5), (q, r));
    assert_eq!(both.unwrap(), Some((3, 2)));
    let seven = remote_value_bind!(
        wire,
        (a: i64, b: i64, c: i64, d: i64, e: i64, f: i64, g: i64) = many(@add(3, 4)),
        [a, b, c, d, e, f, g]
    );
    assert_eq!(seven.unwrap(), Some([1, 2, 3, 4, 5, 6, 7]));
    remote!(wire, note(1), note(@add(1, @echo(1))), note(3)).unwrap();
    assert_eq!(notes(&wire).await, [1, 2, 3].map(Value::from));
    // In a list, too.
    let name = Symbol::read("add").unwrap();
    let list = (1, Call::new(&name, &[&1, &1]), 3);
    assert_eq!(remote_value!(wire, sum(list) -> i64).value().await.unwrap(), 6);
}

async fn several_in_one_list(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    let sum = remote_value!(wire, add(@add(1, 2), @add(3, 4)) -> i64).value().await;
    if lisp.peer() == Peer::Extended {
        assert_eq!(sum.unwrap(), 10);
    } else {
        let error = sum.unwrap_err();
        assert!(matches!(error, CallError::Unsendable { .. }), "{error}");
        assert_eq!(error.ran(), Ran::No);
    }
    let wire = wire.allow_leftover_calls();
    let sum = remote_value!(wire, add(@add(1, @echo(2)), @add(@echo(3), 4)) -> i64);
    assert_eq!(sum.value().await.unwrap(), 10);
    remote!(wire, note(@add(1, 2)), note(@add(@echo(3), @echo(4)))).unwrap();
    assert_eq!(notes(&wire).await, [3, 7].map(Value::from));
}

async fn an_unwinding_unwinds_the_whole(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    let behind = remote_value!(wire, add(1, 2) -> i64);
    for _ in 0..3 {
        assert_eq!(remote_value!(wire, note(@bail()) -> i64).await.unwrap(), (None, true));
        let deep = remote_value!(wire, note(@add(1, @add(@bail(), 2))) -> i64).await.unwrap();
        assert_eq!(deep, (None, true));
        let unknown = remote_value!(wire, note(@no_such_function(1), 2) -> i64).await.unwrap();
        assert_eq!(unknown, (None, true));
        remote!(wire, note(@bail()), note(7)).unwrap();
        assert_eq!(notes(&wire).await, [Value::from(7)]);
    }
    assert_eq!(behind.value().await.unwrap(), 3);
}

async fn what_is_left_of_the_arguments(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await.allow_leftover_calls();
    let call = remote_value!(wire, add(@bail(), @note(666)) -> i64);
    assert_eq!(call.await.unwrap(), (None, true));
    // As it comes, CMUCL runs what is left as calls of their own.
    let left = if lisp.peer() == Peer::Octets { vec![Value::from(666)] } else { Vec::new() };
    assert_eq!(notes(&wire).await, left);
    remote!(wire, add(@bail(), @note(667)), note(1)).unwrap();
    let left = if lisp.peer() == Peer::Octets { vec![667, 1] } else { vec![1] };
    assert_eq!(notes(&wire).await, left.into_iter().map(Value::from).collect::<Vec<_>>());
}

async fn symbols_behind_an_unwinding(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    let list = Value::read("(:never-seen elsewhere::never-seen never-seen)").unwrap();
    assert_eq!(remote_value!(wire, add(@bail(), list) -> i64).await.unwrap(), (None, true));
    for _ in 0..2 {
        assert_eq!(remote_value!(wire, echo(list) -> Value).value().await.unwrap(), list);
    }
    let other = Value::read("(:seen-first elsewhere::seen-first)").unwrap();
    remote!(wire, add(@bail(), other)).unwrap();
    for _ in 0..2 {
        assert_eq!(remote_value!(wire, echo(other) -> Value).value().await.unwrap(), other);
    }
}
