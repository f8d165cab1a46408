//! Calls for their effect: as many are run as were made, in their order.

use wire::{remote, remote_value};

use crate::lisp::Lisp;
use crate::offer::offer;

live!(octets, classic, extended; server, client => [lisp_runs_each_of_our_calls_once, we_run_each_call_of_lisp_once]);

async fn lisp_runs_each_of_our_calls_once(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    for n in 0..100_000 {
        remote!(wire, note(n)).unwrap();
    }
    let notes = remote_value!(wire, notes() -> Vec<i64>).value().await.unwrap();
    assert!(notes.into_iter().eq(0..100_000));
}

async fn we_run_each_call_of_lisp_once(mut lisp: Lisp) {
    let _wire = lisp.wire(offer()).await;
    let form = "(progn (note-in-test 100000) (wire:remote-value *wire* (notes)))";
    assert_eq!(lisp.eval(&format!("(equal {form} (up-to 100000))")).await, "T");
}
