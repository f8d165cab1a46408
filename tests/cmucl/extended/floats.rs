//! Floats, to the bit.

use wire::{Value, remote_value};

use super::wire;
use crate::lisp::Lisp;
use crate::live::check_alive;
use crate::offer::offer;

live!(extended; server, client => [doubles, singles, floats_in_lists_and_vectors]);
live!(classic; server, client => [a_float_does_not_go_over_a_classic_wire]);

const DOUBLES: [f64; 12] = [
    0.0,
    -0.0,
    1.5,
    -2.5e-300,
    f64::MAX,
    f64::MIN,
    f64::MIN_POSITIVE,
    5e-324,
    f64::EPSILON,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
];

/// A quiet NaN with a payload, a negative one, and one that signals.
const NANS: [u64; 3] = [0x7ff8_0000_dead_beef, 0xfff8_0000_0000_0001, 0x7ff0_0000_0000_0001];

async fn doubles(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    for bits in DOUBLES.map(f64::to_bits).into_iter().chain(NANS) {
        let float = f64::from_bits(bits);
        let there = remote_value!(wire, bits_of(float) -> u64).value().await.unwrap();
        assert_eq!(there, bits, "{float:?}");
        let back = remote_value!(wire, echo(float) -> f64).value().await.unwrap();
        assert_eq!(back.to_bits(), bits, "{float:?}");
        let form = format!("(bits-of (wire:remote-value *wire* (echo (double-of {bits}))))");
        assert_eq!(lisp.eval(&form).await, bits.to_string(), "{float:?}");
    }
    let form = "(list (wire:remote-value *wire* (echo ext:double-float-positive-infinity))
                      (wire:remote-value *wire* (echo -0d0))
                      (wire:remote-value *wire* (echo pi)))";
    let expected = "(#.EXT:DOUBLE-FLOAT-POSITIVE-INFINITY -0.0d0 3.141592653589793d0)";
    assert_eq!(lisp.eval(form).await, expected);
    check_alive(&mut lisp, &wire).await;
}

async fn singles(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    let floats = [0.0_f32, -0.0, 1.5, f32::MAX, 1e-45, f32::INFINITY, f32::NEG_INFINITY, f32::NAN];
    for float in floats {
        let there = remote_value!(wire, bits_of(float) -> u32).value().await.unwrap();
        assert_eq!(there, float.to_bits(), "{float:?}");
        let back = remote_value!(wire, echo(float) -> f32).value().await.unwrap();
        assert_eq!(back.to_bits(), float.to_bits(), "{float:?}");
    }
    assert_eq!(lisp.eval("(wire:remote-value *wire* (echo 2.5))").await, "2.5");
}

async fn floats_in_lists_and_vectors(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    let list = DOUBLES[..11].to_vec();
    assert_eq!(remote_value!(wire, echo(list) -> Vec<f64>).value().await.unwrap(), list);
    let mixed = Value::read("(1 2.5d0 \"x\" -0.5f0)").unwrap();
    assert_eq!(remote_value!(wire, echo(mixed) -> Value).value().await.unwrap(), mixed);
    for name in ["SINGLE-FLOAT", "DOUBLE-FLOAT", "T"] {
        let name = wire::Symbol::new(name, "COMMON-LISP");
        let floats = remote_value!(wire, floats_of(name) -> Vec<f64>);
        assert_eq!(floats.value().await.unwrap(), [1.5, -2.5], "{name}");
    }
    let form = "(let ((sent (floats-of 'double-float)))
                  (equalp sent (wire:remote-value *wire* (echo sent))))";
    assert_eq!(lisp.eval(form).await, "T");
}

async fn a_float_does_not_go_over_a_classic_wire(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    let unwound = remote_value!(wire, a_float() -> Value).await.unwrap();
    assert_eq!(unwound, (None, true));
    assert!(lisp.eval("(logged)").await.contains("NOT-SENDABLE"));
    let form = "(handler-case (wire:remote-value *wire* (echo 1.5))
                  (error (error) (princ-to-string error)))";
    assert!(lisp.eval(form).await.contains("Cannot output objects of type SINGLE-FLOAT"));
    check_alive(&mut lisp, &wire).await;
}
