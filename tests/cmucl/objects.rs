//! Remote objects: made, passed back, compared and forgotten, on each side.

use std::sync::Arc;

use wire::{Remote, remote_value};

use crate::lisp::Lisp;
use crate::offer::offer;

live!(octets; server, client => [objects_of_lisp, objects_of_ours]);

async fn objects_of_lisp(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    let thing: Remote = remote_value!(wire, make_thing(42)).value().await.unwrap();
    assert!(!thing.is_local());
    assert_eq!(remote_value!(wire, thing_value(thing) -> i64).value().await.unwrap(), 42);
    assert!(remote_value!(wire, same_thing(thing, thing) -> bool).value().await.unwrap());
}

async fn objects_of_ours(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    let ours = Remote::new(Arc::new(5_u8));
    let back: Remote<u8> = remote_value!(wire, echo(ours)).value().await.unwrap();
    assert_eq!((back == ours, *back.value().unwrap()), (true, 5));
}
