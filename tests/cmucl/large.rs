//! Strings of three million characters and lists of a hundred thousand elements, each way.

use wire::remote_value;

use crate::lisp::Lisp;
use crate::offer::offer;

live!(octets, classic, extended; server, client => [
    our_long_string,
    a_long_string_of_lisp,
    our_long_list,
    a_long_list_of_lisp,
]);

const CHARACTERS: usize = 3_000_000;
const ELEMENTS: i64 = 100_000;

async fn our_long_string(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    let text: String = ('a'..='z').cycle().take(CHARACTERS).collect();
    assert_eq!(remote_value!(wire, length(text) -> usize).value().await.unwrap(), CHARACTERS);
    let back = remote_value!(wire, echo(text) -> String).value().await.unwrap();
    assert!(back == text);
}

async fn a_long_string_of_lisp(mut lisp: Lisp) {
    let _wire = lisp.wire(offer()).await;
    let form = format!(
        "(let ((string (alphabets {CHARACTERS})))
           (list (wire:remote-value *wire* (length-of string))
                 (string= string (wire:remote-value *wire* (echo string)))))"
    );
    assert_eq!(lisp.eval(&form).await, format!("({CHARACTERS} T)"));
}

async fn our_long_list(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    let list: Vec<i64> = (0..ELEMENTS).collect();
    let sum = remote_value!(wire, sum(list) -> i64).value().await.unwrap();
    assert_eq!(sum, (0..ELEMENTS).sum());
    let back = remote_value!(wire, echo(list) -> Vec<i64>).value().await.unwrap();
    assert!(back == list);
}

async fn a_long_list_of_lisp(mut lisp: Lisp) {
    let _wire = lisp.wire(offer()).await;
    let form = format!(
        "(let ((list (up-to {ELEMENTS})))
           (list (= (sum list) (wire:remote-value *wire* (sum list)))
                 (equal list (wire:remote-value *wire* (echo list)))))"
    );
    assert_eq!(lisp.eval(&form).await, "(T T)");
}
