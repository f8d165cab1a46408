//! Calls that do not return, and what comes after them.

use wire::{Ran, remote_value};

use crate::lisp::Lisp;
use crate::offer::offer;

live!(octets; server, client => [an_unwinding_in_lisp_ends_that_call_alone, an_unwinding_here]);

async fn an_unwinding_in_lisp_ends_that_call_alone(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    // Sent in one write: CMUCL leaves what is behind the unwinding unread until more comes.
    let bailed = remote_value!(wire, bail() -> i64);
    let added = remote_value!(wire, add(1, 2) -> i64);
    assert_eq!(bailed.await.unwrap(), (None, true));
    assert_eq!(added.value().await.unwrap(), 3);
    let error = remote_value!(wire, bail() -> i64).value().await.unwrap_err();
    assert_eq!(error.ran(), Ran::Maybe);
    let instead = remote_value!(wire, bail() -> i64, else 7).await.unwrap();
    assert_eq!(instead, 7);
}

async fn an_unwinding_here(mut lisp: Lisp) {
    let _wire = lisp.wire(offer()).await;
    assert_eq!(lisp.eval("(wire:remote-value *wire* (bail) :unwound)").await, ":UNWOUND");
    assert_eq!(lisp.eval("(wire:remote-value *wire* (no-such) :unwound)").await, ":UNWOUND");
    assert_eq!(lisp.eval("(wire:remote-value *wire* (add 1 1))").await, "2");
}
