//! Every type that crosses in the classic dialect, each way.
//!
//! Each side has a reader of its own. A row says that an object means the same at both ends: what
//! came over the wire is what the reader there makes of its text.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use wire::{FromWire, Symbol, ToWire, Value, Wire, functions, remote_fn, remote_value};

use crate::lisp::Lisp;
use crate::live::Peer;
use crate::offer::offer;

live!(octets, classic, extended; server, client => [
    our_objects_are_what_lisp_reads,
    objects_of_lisp_are_what_we_read,
    our_types_are_what_lisp_reads,
    every_octet_is_a_character,
]);

/// Objects as both readers have them; symbols without a package are of COMMON-LISP-USER.
const OBJECTS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2147483647",
    "-2147483648",
    "2147483648",
    "-2147483649",
    "4294967295",
    "4294967296",
    "-4294967295",
    "-4294967296",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "-79228162514264337593543950336",
    "1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
    "-123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890",
    "\"\"",
    "\"hello\"",
    "\"two\nlines and a \\\" and a \\\\\"",
    "foo",
    "|lower case|",
    "||",
    "common-lisp-user::foo",
    "common-lisp:car",
    "wire::do-1-value-call",
    "elsewhere::thing",
    "elsewhere::|Thing|",
    ":key",
    ":|key|",
    "t",
    "nil",
    "()",
    "(nil)",
    "(1)",
    "(1 2 3)",
    "(1 . 2)",
    "(1 2 . 3)",
    "(\"a\" . \"b\")",
    "((a . 1) (b . 2))",
    "(((((((((((1)))))))))))",
    "(1 (2 (3 (4 (5 (6 nil))))))",
    "(a b a nil b t :k a)",
    "(-1 \"two\" three :four (5 . 6) () 70000000000 -70000000000 elsewhere::eight)",
];

/// Whether the reader here makes the same of the text.
#[remote_fn]
fn reads_as(object: Value, text: String) -> bool {
    Value::read(&text).is_ok_and(|read| read == object)
}

async fn our_objects_are_what_lisp_reads(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    for text in OBJECTS {
        let object = Value::read(text).unwrap();
        assert_eq!(reads_there(&wire, &object, text).await, Some(true), "{text}");
        let back = remote_value!(wire, echo(object) -> Value).value().await.unwrap();
        assert_eq!(back, object, "{text}");
    }
}

async fn objects_of_lisp_are_what_we_read(mut lisp: Lisp) {
    let _wire = lisp.wire(offer().merge(functions![reads_as])).await;
    for text in OBJECTS {
        let literal = format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        let form = format!("(wire:remote-value *wire* (reads-as '{text} {literal}))");
        assert_eq!(lisp.eval(&form).await, "T", "{text}");
        let form = format!("(equal '{text} (wire:remote-value *wire* (echo '{text})))");
        assert_eq!(lisp.eval(&form).await, "T", "{text}");
    }
}

#[derive(Debug, PartialEq, ToWire, FromWire)]
struct Job {
    id: i64,
    command: String,
    status: Option<i64>,
}

#[derive(Debug, PartialEq, ToWire, FromWire)]
enum Move {
    Stop,
    GoTo(i64, i64),
}

async fn our_types_are_what_lisp_reads(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    let job = |status| Job { id: 7, command: "make".into(), status };
    let power = BigInt::from(-2).pow(100);
    let symbol = Symbol::read("elsewhere::|Thing|").unwrap();
    round(&wire, u8::MAX, "255").await;
    round(&wire, u32::MAX, "4294967295").await;
    round(&wire, u64::MAX, "18446744073709551615").await;
    round(&wire, i128::MIN, "-170141183460469231731687303715884105728").await;
    round(&wire, power, "1267650600228229401496703205376").await;
    round(&wire, 'c', "\"c\"").await;
    round(&wire, true, "t").await;
    round(&wire, false, "nil").await;
    round(&wire, (), "nil").await;
    round(&wire, None::<i64>, "nil").await;
    round(&wire, Some(3), "3").await;
    round(&wire, vec![vec![1], vec![], vec![2, 3]], "((1) () (2 3))").await;
    round(&wire, BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)]), ALIST).await;
    round(&wire, symbol, "elsewhere::|Thing|").await;
    // An absent field has its place in a record, and none in a property list.
    let absent = if lisp.peer() == Peer::Extended { " :status nil" } else { "" };
    round(&wire, job(None), &format!("(:id 7 :command \"make\"{absent})")).await;
    round(&wire, job(Some(-9)), "(:id 7 :command \"make\" :status -9)").await;
    round(&wire, Move::Stop, ":stop").await;
    round(&wire, vec![Move::GoTo(1, -2), Move::Stop], "((:go-to 1 -2) :stop)").await;
}

const ALIST: &str = "((\"a\" . 1) (\"b\" . 2))";

async fn round<T>(wire: &Wire, sent: T, text: &str)
where
    T: ToWire + FromWire + PartialEq + std::fmt::Debug + Send + 'static,
{
    assert_eq!(reads_there(wire, &sent, text).await, Some(true), "{text}");
    assert_eq!(remote_value!(wire, echo(sent) -> T).value().await.unwrap(), sent);
}

async fn reads_there(wire: &Wire, object: &dyn ToWire, text: &str) -> Option<bool> {
    remote_value!(wire, reads_as(object, text) -> bool).await.unwrap().0
}

async fn every_octet_is_a_character(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    let all: String = (0..=255).map(char::from).collect();
    assert_eq!(remote_value!(wire, echo(all) -> String).value().await.unwrap(), all);
    let codes = remote_value!(wire, codes(all) -> Vec<u32>).value().await.unwrap();
    assert!(codes.into_iter().eq(0..=255));
    let form = "(codes (wire:remote-value *wire* (echo (every-octet))))";
    assert_eq!(lisp.eval(&format!("(equal {form} (up-to 256))")).await, "T");
}
