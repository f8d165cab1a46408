//! Remote objects, and who lets go of them.

use std::sync::{Arc, Weak};
use std::time::Duration;

use wire::{Remote, Wire, functions, remote, remote_fn, remote_value};

use super::wire;
use crate::lisp::Lisp;
use crate::live::check_alive;
use crate::offer::offer;

live!(extended; server, client => [
    what_we_drop_lisp_holds_no_more,
    what_lisp_keeps_a_token_of_stays,
    what_is_garbage_in_lisp_we_hold_no_more,
    a_wire_that_ends_holds_nothing,
]);
live!(either_dialect: classic, extended; server, client => [objects_of_lisp_of_any_kind]);

/// How many of its objects Lisp holds for us.
async fn held(wire: &Wire) -> usize {
    remote_value!(wire, count_held() -> usize).value().await.unwrap()
}

async fn what_we_drop_lisp_holds_no_more(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    let before = held(&wire).await;
    let mut things = Vec::new();
    for n in 0..100 {
        let thing: Remote = remote_value!(wire, make_thing(n)).value().await.unwrap();
        things.push(thing);
    }
    assert_eq!(held(&wire).await, before + 100);
    assert_eq!(remote_value!(wire, thing_value(things[7]) -> i64).value().await.unwrap(), 7);
    // The same object, given once more: dropping one handle lets go of neither.
    let again: Remote = remote_value!(wire, echo(things[7])).value().await.unwrap();
    let seventh = things.remove(7);
    drop(things);
    assert_eq!(held(&wire).await, before + 1);
    assert!(again == seventh);
    drop(seventh);
    assert_eq!(remote_value!(wire, thing_value(again) -> i64).value().await.unwrap(), 7);
    drop(again);
    assert_eq!(held(&wire).await, before);
    check_alive(&mut lisp, &wire).await;
}

async fn what_lisp_keeps_a_token_of_stays(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    lisp.eval("(defvar *token* (wire:make-remote-object (list 42)))").await;
    for _ in 0..3 {
        let thing: Remote =
            remote_value!(wire, symbol_value(@named("*TOKEN*"))).value().await.unwrap();
        assert_eq!(remote_value!(wire, thing_value(thing) -> i64).value().await.unwrap(), 42);
        drop(thing);
        assert_eq!(held(&wire).await, 0);
        // Nothing keeps the list but its token.
        lisp.eval("(ext:gc)").await;
    }
    assert_eq!(lisp.eval("(wire:remote-object-value *token*)").await, "(42)");
    lisp.eval("(wire:forget-remote-translation (wire:remote-object-value *token*))").await;
    assert_eq!(lisp.eval("(wire:remote-object-value *token*)").await, "UNWOUND");
    check_alive(&mut lisp, &wire).await;
}

#[derive(Default)]
struct Made(std::sync::Mutex<Vec<Weak<u64>>>);

#[remote_fn]
fn make_ours(made: &Made, n: u64) -> Remote<u64> {
    let n = Arc::new(n);
    made.0.lock().unwrap().push(Arc::downgrade(&n));
    Remote::new(n)
}

async fn what_is_garbage_in_lisp_we_hold_no_more(mut lisp: Lisp) {
    let made = Arc::new(Made::default());
    let offer = offer().merge(functions![make_ours]).state(Arc::clone(&made));
    let wire = wire(&mut lisp, offer).await;
    let form = "(progn (defvar *kept* nil)
                       (dotimes (n 200) (setf *kept* (wire:remote-value *wire* (make-ours n)))))";
    lisp.eval(form).await;
    let living = || made.0.lock().unwrap().iter().filter(|n| n.strong_count() > 0).count();
    assert_eq!(living(), 200);
    // A stack that is searched for anything like an address may keep some of them.
    for _ in 0..100 {
        lisp.eval("(ext:gc :full t)").await;
        check_alive(&mut lisp, &wire).await;
        if living() < 20 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(living() < 20, "{} are held", living());
    let last = made.0.lock().unwrap()[199].strong_count();
    assert!(last > 0, "what Lisp has a token of is held");
}

async fn a_wire_that_ends_holds_nothing(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    let thing: Remote = remote_value!(wire, make_thing(1)).value().await.unwrap();
    assert_eq!(lisp.eval("(length (wire:held-objects))").await, "1");
    wire.close().await;
    drop(thing);
    // Lisp learns of the end as it learns of everything: by an event.
    while lisp.eval("(length (wire:held-objects))").await != "0" {}
}

async fn objects_of_lisp_of_any_kind(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    for object in ["5", "nil", "#\\a", "'symbol", "\"text\"", "#'car", "(make-hash-table)", "1.5"] {
        lisp.eval(&format!("(setf *kept* {object})")).await;
        let token: Remote = remote_value!(wire, token_of_kept()).value().await.unwrap();
        let same = remote_value!(wire, is_kept(token) -> bool).value().await.unwrap();
        assert!(same, "{object}");
        remote!(wire, forget_kept()).unwrap();
        let gone = remote_value!(wire, is_kept(token) -> bool).await.unwrap();
        assert_eq!(gone, (None, true), "{object}");
    }
    check_alive(&mut lisp, &wire).await;
}
