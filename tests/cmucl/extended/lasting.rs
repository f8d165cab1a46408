//! The life of a wire, from either end.

use wire::{WireError, functions, remote_fn, remote_value};

use super::wire;
use crate::lisp::Lisp;
use crate::live::Role;
use crate::offer::offer;

live!(extended; server, client => [
    lisp_says_goodbye_when_it_closes,
    lisp_says_goodbye_when_it_ends,
    a_killed_lisp_says_nothing,
    our_end_is_told_in_lisp_once,
]);
live!(either_dialect: classic, extended; server, client => [
    a_wire_that_ends_unwinds_the_calls_of_lisp,
    a_wire_that_has_ended_takes_no_more,
]);

async fn lisp_says_goodbye_when_it_closes(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    lisp.eval("(progn (wire:remote *wire* (note 1)) (wire:close-wire *wire* \"enough\"))").await;
    let why = wire.closed().await;
    assert!(matches!(&why, WireError::PeerClosed { reason } if &**reason == "enough"), "{why}");
    assert_eq!(wire.stats().calls_received, 1);
    // The process itself lives.
    assert_eq!(lisp.eval("(add 1 2)").await, "3");
}

async fn lisp_says_goodbye_when_it_ends(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    lisp.send("(ext:quit)").await;
    let why = wire.closed().await;
    assert!(matches!(why, WireError::PeerClosed { .. }), "{why}");
}

async fn a_killed_lisp_says_nothing(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    lisp.kill().await;
    let why = wire.closed().await;
    assert!(matches!(why, WireError::PeerVanished | WireError::Io(_)), "{why}");
}

/// What is given as CMUCL has always taken it: to connecting, or as the second value of what a server
/// asks about those who come.
async fn our_end_is_told_in_lisp_once(mut lisp: Lisp) {
    lisp.eval("(progn (defvar *deaths* 0) (defun die () (incf *deaths*)))").await;
    let form = match lisp.role() {
        Role::Server => {
            "(defun serve ()
               (flet ((accept (wire address)
                        (declare (ignore address))
                        (values (setf *wire* wire) #'die)))
                 (let ((server (wire:create-request-server 0 #'accept)))
                   (nth-value 1 (ext:get-socket-host-and-port
                                  (wire::request-server-socket server))))))"
        }
        Role::Client => {
            "(defun connect (port)
               (setf *wire* (wire:connect-to-remote-server \"127.0.0.1\" port #'die)))"
        }
    };
    lisp.eval(form).await;
    let wire = wire(&mut lisp, offer()).await;
    wire.close().await;
    while lisp.eval("(wire::wire-dead *wire*)").await == "NIL" {}
    assert_eq!(lisp.eval("(progn (wire:close-wire *wire*) *deaths*)").await, "1");
}

#[remote_fn]
fn hang_up(wire: &wire::Wire) {
    wire.abort("as asked");
}

async fn a_wire_that_ends_unwinds_the_calls_of_lisp(mut lisp: Lisp) {
    let _wire = wire(&mut lisp, offer().merge(functions![hang_up])).await;
    assert_eq!(lisp.eval("(wire:remote-value *wire* (hang-up))").await, "NIL T");
    let reason = lisp.eval("(princ-to-string (wire:unwound-reason))").await;
    assert!(reason.contains("The wire has ended."), "{reason}");
}

async fn a_wire_that_has_ended_takes_no_more(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    assert_eq!(remote_value!(wire, add(1, 2) -> i64).value().await.unwrap(), 3);
    drop(wire.close());
    while lisp.eval("(wire::wire-dead *wire*)").await == "NIL" {}
    for form in [
        "(wire:remote *wire* (note 1))",
        "(wire:remote-value *wire* (add 1 2))",
        "(wire:wire-output-byte *wire* 0)",
        "(wire:wire-get-object *wire*)",
    ] {
        let form = format!("(handler-case {form} (wire:wire-error (e) (princ-to-string e)))");
        assert!(lisp.eval(&form).await.contains("the wire has ended"), "{form}");
    }
}
