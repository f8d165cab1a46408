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

use wire::{Functions, Wire};

use crate::lisp::Lisp;

/// A wire to `lisp`, in which an error of a called function unwinds it.
async fn wire(lisp: &mut Lisp, functions: Functions) -> Wire {
    lisp.eval("(load \"tests/cmucl/extended.lisp\")").await;
    lisp.wire(functions).await
}
