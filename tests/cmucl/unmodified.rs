//! What a CMUCL does whose octets alone were repaired: its part of a call that unwinds while it is
//! being written stays in the buffer, and what it writes next takes the place of what is missing.

use wire::{CallError, Value, remote_value, remote_value_bind};

use crate::lisp::Lisp;
use crate::live::check_alive;
use crate::offer::offer;

live!(octets; server, client => [
    a_value_that_cannot_be_sent,
    a_value_that_cannot_be_sent_and_nothing_after_it,
    a_value_that_cannot_be_sent_deep_inside_another,
    an_argument_that_cannot_be_sent,
]);

/// That this call ended as one whose value the peer could not send.
fn assert_not_sent(result: Result<Value, CallError>) {
    let Err(CallError::Unwound(reason)) = &result else { panic!("{result:?}") };
    assert_eq!(reason.message(), "the peer could not send the value");
}

async fn a_value_that_cannot_be_sent(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    let calls = [0, 1, 2]
        .map(|n| (remote_value!(wire, a_float() -> Value), remote_value!(wire, add(n, n) -> i64)));
    for (n, (float, sum)) in calls.into_iter().enumerate() {
        assert_eq!(sum.value().await.unwrap(), 2 * n as i64);
        assert_not_sent(float.value().await);
    }
    check_alive(&mut lisp, &wire).await;
}

async fn a_value_that_cannot_be_sent_and_nothing_after_it(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    assert_not_sent(remote_value!(wire, a_float() -> Value).value().await);
    // Two in a row: the second answer is in the place of the first's value, and lacks its own.
    let calls = [(); 3].map(|()| remote_value!(wire, a_float() -> Value));
    for call in calls {
        assert_not_sent(call.value().await);
    }
    check_alive(&mut lisp, &wire).await;
}

async fn a_value_that_cannot_be_sent_deep_inside_another(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    for depth in 0..5 {
        assert_not_sent(remote_value!(wire, a_float_inside(depth) -> Value).value().await);
    }
    let several =
        remote_value_bind!(wire, (a: i64, b: Value, c: i64) = float_among_values(), (a, b, c));
    assert_eq!(several.unwrap(), None);
    check_alive(&mut lisp, &wire).await;
}

async fn an_argument_that_cannot_be_sent(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    // The form fails where it stands, and what comes next ends the call that was begun.
    assert_eq!(lisp.eval("(wire:remote *wire* (note 1.5))").await, "UNWOUND");
    check_alive(&mut lisp, &wire).await;
    assert_eq!(lisp.eval("(wire:remote-value *wire* (note 1.5) :unwound)").await, "UNWOUND");
    check_alive(&mut lisp, &wire).await;
    assert_eq!(remote_value!(wire, add(1, 2) -> i64).value().await.unwrap(), 3);
}
