//! What crosses, each way.

use wire::{Value, remote_value, remote_value_bind};

use crate::lisp::Lisp;
use crate::offer::offer;

live!(octets; server, client => [values_come_back_to_us, values_come_back_to_lisp]);

async fn values_come_back_to_us(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    assert_eq!(remote_value!(wire, add(3, 4) -> i64).value().await.unwrap(), 7);
    let big = remote_value!(wire, add(i64::MAX, i64::MAX) -> i128).value().await.unwrap();
    assert_eq!(big, i128::from(i64::MAX) * 2);
    let sent =
        Value::read("(1 (2 |a b|) \"vier\" :five nil t (6 . 7) -12345678901234567890)").unwrap();
    let back = remote_value!(wire, echo(sent) -> Value).value().await.unwrap();
    assert_eq!(back, sent);
    let bound = remote_value_bind!(wire, (q: i64, r: i64) = divide(17, 5), (q, r)).unwrap();
    assert_eq!(bound, Some((3, 2)));
}

async fn values_come_back_to_lisp(mut lisp: Lisp) {
    let _wire = lisp.wire(offer()).await;
    assert_eq!(lisp.eval("(wire:remote-value *wire* (add 3 4))").await, "7");
}
