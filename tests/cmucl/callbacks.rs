//! Functions that call their caller, which calls back.

use wire::remote_value;

use crate::lisp::Lisp;
use crate::offer::offer;

live!(octets; server, client => [ours_nest_ten_deep, those_of_lisp_nest_ten_deep]);

async fn ours_nest_ten_deep(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    // Each of the ten calls back once.
    assert_eq!(remote_value!(wire, descend(20) -> i64).value().await.unwrap(), 20);
}

async fn those_of_lisp_nest_ten_deep(mut lisp: Lisp) {
    let _wire = lisp.wire(offer()).await;
    assert_eq!(lisp.eval("(wire:remote-value *wire* (ascend 20))").await, "20");
}
