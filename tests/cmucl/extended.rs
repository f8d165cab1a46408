//! What `lisp/wire.lisp` makes of CMUCL: every promise at the head of that file, in both dialects as
//! far as they carry it.

mod floats;
mod lasting;
mod limits;
mod loading;
mod nested;
mod objects;
mod protocol;
mod reasons;
mod strings;
mod two_lisps;
mod unwinding;
mod vectors;

use wire::{Functions, Wire, remote_value};

use crate::lisp::Lisp;

/// A wire to `lisp`, in which an error of a called function unwinds it.
async fn wire(lisp: &mut Lisp, functions: Functions) -> Wire {
    lisp.eval("(load \"tests/cmucl/extended.lisp\")").await;
    lisp.wire(functions).await
}

/// The wire works, each way.
async fn check_alive(lisp: &mut Lisp, wire: &Wire) {
    assert_eq!(remote_value!(wire, add(1, 2) -> i64).value().await.unwrap(), 3);
    assert_eq!(lisp.eval("(wire:remote-value *wire* (add 3 4))").await, "7");
}
