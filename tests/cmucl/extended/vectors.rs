//! Byte strings, vectors and packed numbers, and what is large.

use bytes::Bytes;
use wire::{Value, Vector, functions, remote_fn, remote_value};

use super::wire;
use crate::lisp::Lisp;
use crate::live::check_alive;
use crate::offer::offer;

live!(extended; server, client => [
    byte_strings,
    a_megabyte_of_octets,
    vectors_of_vectors,
    packed_numbers_of_ours,
    packed_numbers_of_lisp,
    records,
]);
live!(either_dialect: classic, extended; server, client => [half_a_million_elements, a_list_as_deep_as_it_is_long]);

async fn byte_strings(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    for octets in [&b""[..], b"\0\xff\x80", b"text"] {
        let octets = Bytes::copy_from_slice(octets);
        let kind = remote_value!(wire, element_type(octets) -> String).value().await.unwrap();
        assert_eq!(kind, "(UNSIGNED-BYTE 8)");
        assert_eq!(remote_value!(wire, echo(octets) -> Bytes).value().await.unwrap(), octets);
    }
    let form = "(let* ((sent (ramp 1000))
                       (back (wire:remote-value *wire* (echo sent))))
                  (values (equalp sent back) (element-type back)))";
    assert_eq!(lisp.eval(form).await, "T \"(UNSIGNED-BYTE 8)\"");
    // One with a fill pointer is a vector as good as any.
    let form = "(wire:remote-value *wire*
                  (echo (make-array 5 :element-type '(unsigned-byte 8) :fill-pointer 2
                                      :initial-element 9)))";
    assert_eq!(lisp.eval(form).await, "#(9 9)");
}

async fn a_megabyte_of_octets(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    let octets: Bytes = (0..1 << 20).map(|n| (n % 251) as u8).collect();
    assert!(remote_value!(wire, ramp(1 << 20) -> Bytes).value().await.unwrap() == octets);
    let same = remote_value!(wire, equalp(octets, @ramp(1 << 20)) -> bool);
    assert!(same.value().await.unwrap());
    let form = "(let ((sent (ramp 1048576)))
                  (equalp sent (wire:remote-value *wire* (echo sent))))";
    assert_eq!(lisp.eval(form).await, "T");
}

async fn vectors_of_vectors(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    for text in ["#()", "#(1 #(2 #()) (3 #(4)) \"5\")", "(#(nil) . #(t :a))"] {
        let sent = Value::read(text).unwrap();
        assert_eq!(remote_value!(wire, echo(sent) -> Value).value().await.unwrap(), sent, "{text}");
        let equal = remote_value!(wire, equalp(sent, @read_from_string(text)) -> bool);
        assert!(equal.value().await.unwrap(), "{text}");
        let form = format!("(equalp '{text} (wire:remote-value *wire* (echo '{text})))");
        assert_eq!(lisp.eval(&form).await, "T", "{text}");
    }
}

async fn packed_numbers_of_ours(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    macro_rules! both {
        ($($type:ident $lisp:literal)*) => {
            $({
                let list: Vec<$type> = vec![0, 1, $type::MAX, $type::MIN];
                let back = remote_value!(wire, echo(list) -> Vec<$type>).value().await.unwrap();
                assert_eq!(back, list);
                let vector = Vector(list);
                let kind = remote_value!(wire, element_type(vector) -> String).value().await;
                assert_eq!(kind.unwrap(), $lisp);
                let back = remote_value!(wire, echo(vector) -> Vec<$type>).value().await.unwrap();
                assert_eq!(back, vector.0);
            })*
        };
    }
    both! {
        i8 "(SIGNED-BYTE 8)" i16 "(SIGNED-BYTE 16)" i32 "(SIGNED-BYTE 32)" i64 "T"
        u16 "(UNSIGNED-BYTE 16)" u32 "(UNSIGNED-BYTE 32)" u64 "T"
    }
}

async fn packed_numbers_of_lisp(mut lisp: Lisp) {
    let _wire = wire(&mut lisp, offer()).await;
    for kind in [
        "'(signed-byte 8) -128 127",
        "'(signed-byte 16) -32768 32767",
        "'(signed-byte 32) -2147483648 2147483647",
        "'(unsigned-byte 16) 0 65535",
        "'(unsigned-byte 32) 0 4294967295",
        "'(unsigned-byte 4) 0 15",
        "'fixnum -536870912 536870911",
        "'bit 1 0",
        "'single-float -1.5 2.5",
        "'double-float -1.5d0 2.5d0",
        "t nil \"x\"",
    ] {
        let form = format!(
            "(let ((sent (packed {kind})))
                       (equalp sent (wire:remote-value *wire* (echo sent))))"
        );
        assert_eq!(lisp.eval(&form).await, "T", "{kind}");
    }
}

#[derive(Debug, PartialEq, wire::ToWire, wire::FromWire)]
struct Job {
    id: i64,
    command: String,
    status: Option<f64>,
}

async fn records(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    for n in 0..3 {
        let job = Job { id: n, command: "make".into(), status: Some(0.5) };
        let list = remote_value!(wire, prin1_to_string(job) -> String).value().await.unwrap();
        assert_eq!(list, format!("(:ID {n} :COMMAND \"make\" :STATUS 0.5d0)"));
        assert_eq!(remote_value!(wire, echo(job) -> Job).value().await.unwrap(), job);
    }
}

#[remote_fn]
fn sum_here(list: Vec<i64>) -> i64 {
    list.iter().sum()
}

async fn half_a_million_elements(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer().merge(functions![sum_here])).await;
    let list: Vec<i64> = (0..500_000).collect();
    let sum: i64 = list.iter().sum();
    assert_eq!(remote_value!(wire, sum(list) -> i64).value().await.unwrap(), sum);
    assert!(remote_value!(wire, up_to(500_000) -> Vec<i64>).value().await.unwrap() == list);
    let value = Value::list(list.iter().copied());
    assert!(remote_value!(wire, echo(value) -> Value).value().await.unwrap() == value);
    let form = "(wire:remote-value *wire* (sum-here (up-to 500000)))";
    assert_eq!(lisp.eval(form).await, sum.to_string());
    let form = "(let ((list (up-to 500000)))
                  (equal list (wire:remote-value *wire* (echo list))))";
    assert_eq!(lisp.eval(form).await, "T");
    check_alive(&mut lisp, &wire).await;
}

async fn a_list_as_deep_as_it_is_long(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    // As deep as we read; Lisp itself reads and writes deeper ones without its stack.
    let form = "(depth-of (wire:remote-value *wire* (echo (deep 100))))";
    assert_eq!(lisp.eval(form).await, "100");
    check_alive(&mut lisp, &wire).await;
}
