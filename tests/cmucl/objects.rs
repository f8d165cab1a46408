//! Remote objects: made, passed back, compared and forgotten, on each side.

use std::sync::Arc;

use wire::{ObjectError, Remote, remote_value};

use crate::lisp::Lisp;
use crate::offer::offer;

live!(octets, classic, extended; server, client => [
    objects_of_lisp_here,
    objects_of_lisp_there,
    our_objects_here,
    our_objects_there,
    our_objects_are_held_for_lisp,
]);

async fn objects_of_lisp_here(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    let thing: Remote = remote_value!(wire, make_thing(42)).value().await.unwrap();
    let other: Remote = remote_value!(wire, make_thing(42)).value().await.unwrap();
    assert!(thing != other && !thing.is_local() && !thing.forget());
    assert!(matches!(thing.typed::<i64>().value(), Err(ObjectError::Foreign { .. })));
    // They come back as what they are.
    assert_eq!(remote_value!(wire, thing_value(thing) -> i64).value().await.unwrap(), 42);
    assert!(remote_value!(wire, same_thing(thing, thing) -> bool).value().await.unwrap());
    assert!(!remote_value!(wire, same_thing(thing, other) -> bool).value().await.unwrap());
    let back: Vec<Remote> = remote_value!(wire, echo([&thing, &other])).value().await.unwrap();
    assert_eq!(back, [thing.clone(), other.clone()]);
    // Forgotten there, it has no value any more, and is the same still.
    remote_value!(wire, forget_thing(thing) -> ()).value().await.unwrap();
    assert_eq!(remote_value!(wire, thing_value(thing) -> i64).await.unwrap(), (None, true));
    assert!(remote_value!(wire, same_thing(thing, thing) -> bool).value().await.unwrap());
    assert_eq!(remote_value!(wire, thing_value(other) -> i64).value().await.unwrap(), 42);
}

async fn objects_of_lisp_there(mut lisp: Lisp) {
    let _wire = lisp.wire(offer()).await;
    lisp.eval("(defvar *thing* (list 7))").await;
    lisp.eval("(defvar *remote* (wire:make-remote-object *thing*))").await;
    lisp.eval("(defvar *back* (wire:remote-value *wire* (echo *remote*)))").await;
    assert_eq!(lisp.eval("(wire:remote-object-eq *back* *remote*)").await, "T");
    assert_eq!(lisp.eval("(wire:remote-object-local-p *back*)").await, "T");
    assert_eq!(lisp.eval("(eq *thing* (wire:remote-object-value *back*))").await, "T");
    let same = lisp.eval("(wire:remote-value *wire* (same-thing *remote* *back*))").await;
    assert_eq!(same, "T");
    // Foreign to us, so that our function unwinds.
    let value = lisp.eval("(wire:remote-value *wire* (thing-value *remote*) :unwound)").await;
    assert_eq!(value, ":UNWOUND");
}

async fn our_objects_here(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    let ours = Remote::new(Arc::new(5_u8));
    let back: Remote<u8> = remote_value!(wire, echo(ours)).value().await.unwrap();
    assert!(back == ours && back.is_local() && *back.value().unwrap() == 5);
    assert!(remote_value!(wire, same_thing(ours, back) -> bool).value().await.unwrap());
    // Only its owner has the value.
    assert_eq!(remote_value!(wire, thing_value(ours) -> i64).await.unwrap(), (None, true));
    assert!(ours.forget());
    let back: Remote<u8> = remote_value!(wire, echo(ours)).value().await.unwrap();
    assert!(matches!(back.value(), Err(ObjectError::Forgotten { .. })), "{back:?}");
}

async fn our_objects_there(mut lisp: Lisp) {
    let _wire = lisp.wire(offer()).await;
    lisp.eval("(defvar *thing* (wire:remote-value *wire* (make-thing 42)))").await;
    lisp.eval("(defvar *other* (wire:remote-value *wire* (make-thing 42)))").await;
    assert_eq!(lisp.eval("(wire:remote-object-local-p *thing*)").await, "NIL");
    assert_eq!(lisp.eval("(wire:remote-object-eq *thing* *other*)").await, "NIL");
    let back = "(wire:remote-object-eq *thing* (wire:remote-value *wire* (echo *thing*)))";
    assert_eq!(lisp.eval(back).await, "T");
    assert_eq!(lisp.eval("(wire:remote-value *wire* (thing-value *thing*))").await, "42");
    assert_eq!(lisp.eval("(wire:remote-value *wire* (same-thing *thing* *other*))").await, "NIL");
    assert_eq!(lisp.eval("(wire:remote-value *wire* (forget-thing *thing*))").await, "T");
    assert_eq!(lisp.eval("(wire:remote-value *wire* (thing-value *thing*) :gone)").await, ":GONE");
    assert_eq!(lisp.eval("(wire:remote-value *wire* (thing-value *other*))").await, "42");
}

/// A classic peer never says that it has dropped an object: it is kept until it is forgotten, or
/// until the wire ends.
async fn our_objects_are_held_for_lisp(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    let value = Arc::new(7_i64);
    let given = remote_value!(wire, keep_thing(Remote::new(Arc::clone(&value))) -> ());
    given.value().await.unwrap();
    assert_eq!(lisp.eval("(wire:remote-value *wire* (thing-value *kept*))").await, "7");
    assert_eq!(Arc::strong_count(&value), 2);
    wire.close().await;
    assert_eq!(Arc::strong_count(&value), 1);
}
