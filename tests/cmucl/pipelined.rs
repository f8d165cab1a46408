//! Many calls made before the first is awaited.

use wire::{remote, remote_value};

use crate::lisp::Lisp;
use crate::offer::offer;

live!(octets, classic, extended; server, client => [our_calls_are_answered_in_order, calls_of_lisp_run_before_its_value]);

async fn our_calls_are_answered_in_order(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    let calls: Vec<_> = (0..5_000)
        .map(|n| {
            remote!(wire, note(n)).unwrap();
            remote_value!(wire, add(n, n) -> i64)
        })
        .collect();
    for (n, call) in calls.into_iter().enumerate() {
        assert_eq!(call.value().await.unwrap(), 2 * n as i64);
    }
    let notes = remote_value!(wire, notes() -> Vec<i64>).value().await.unwrap();
    assert!(notes.into_iter().eq(0..5_000));
}

async fn calls_of_lisp_run_before_its_value(mut lisp: Lisp) {
    let _wire = lisp.wire(offer()).await;
    // Lisp waits for one value at a time: what it has in flight is calls for their effect.
    let form = "(loop for n from 1 to 500
                      do (wire:remote *wire* (note n) (note (- n)))
                      always (equal (wire:remote-value *wire* (notes)) (list n (- n))))";
    assert_eq!(lisp.eval(form).await, "T");
}
