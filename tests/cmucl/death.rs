//! A process that is killed.

use wire::{CallError, WireError, remote_value};

use crate::lisp::Lisp;
use crate::offer::offer;

live!(octets; server, client => [a_killed_lisp_ends_the_calls_that_wait]);

async fn a_killed_lisp_ends_the_calls_that_wait(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    assert_eq!(remote_value!(wire, add(1, 1) -> i64).value().await.unwrap(), 2);
    let waiting = remote_value!(wire, descend(1_000_000) -> i64);
    wire.force_output().await.unwrap();
    lisp.kill().await;
    let error = waiting.value().await.unwrap_err();
    assert!(matches!(error, CallError::Ended { .. } | CallError::Unwound(_)), "{error}");
    let why = wire.closed().await;
    assert!(matches!(why, WireError::PeerClosed { .. } | WireError::Io(_)), "{why}");
}
