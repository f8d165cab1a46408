use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::thread;

use num_bigint::BigInt;
use proptest::prelude::*;

use super::*;
use crate::token::Token;

/// Runs on a stack of 256 KiB, where recursion over a large value would not survive.
pub(crate) fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    thread::Builder::new().stack_size(256 << 10).spawn(run).unwrap().join().unwrap();
}

/// `depth` lists, each the only element of the next.
pub(crate) fn nested(depth: usize) -> Value {
    (0..depth).fold(Value::from(1), |value, _| Value::list([value]))
}

/// Any value that the classic dialect carries.
pub(crate) fn classic() -> BoxedStrategy<Value> {
    let atom = prop_oneof![
        Just(Value::Nil),
        any::<i64>().prop_map(Value::from),
        (-3..300_i64).prop_map(Value::from),
        any::<i128>().prop_map(Value::from),
        any::<(u128, u128)>().prop_map(|(a, b)| Value::from(BigInt::from(a) * BigInt::from(b))),
        any::<String>().prop_map(Value::from),
        symbols().prop_map(Value::from),
    ];
    trees(atom.boxed(), false)
}

/// Any value that the extended dialect carries and that can be read back from text.
pub(crate) fn extended() -> BoxedStrategy<Value> {
    let atom = prop_oneof![
        3 => classic(),
        1 => any::<f64>().prop_filter("finite", |f| f.is_finite()).prop_map(Value::from),
        1 => any::<f32>().prop_filter("finite", |f| f.is_finite()).prop_map(Value::from),
        1 => prop::collection::vec(any::<u8>(), 0..9).prop_map(|o| Value::Octets(o.into())),
    ];
    trees(atom.boxed(), true)
}

fn trees(atom: BoxedStrategy<Value>, vectors: bool) -> BoxedStrategy<Value> {
    atom.prop_recursive(5, 40, 6, move |inner| {
        let items = prop::collection::vec(inner.clone(), 0..6);
        let kinds = if vectors { 0..4 } else { 0..3 };
        (items, inner, kinds).prop_map(|(items, tail, kind)| match kind {
            0 => Value::list(items),
            1 => Value::dotted(items, tail),
            2 => Value::list([Value::from(Symbol::new("QUOTE", "COMMON-LISP")), tail]),
            _ => Value::vector(items),
        })
    })
    .boxed()
}

fn symbols() -> impl Strategy<Value = Symbol> {
    let names = || {
        prop_oneof![
            "[A-Z][A-Z0-9-]{0,8}".boxed(),
            Just("NIL".to_owned()).boxed(),
            Just("T".to_owned()).boxed(),
            "[-+.0-9/dDeE|:#a]{0,6}".boxed(),
            any::<String>().boxed(),
        ]
    };
    let packages = prop_oneof![
        Just("COMMON-LISP-USER".to_owned()),
        Just("COMMON-LISP".to_owned()),
        Just("KEYWORD".to_owned()),
        names(),
    ];
    (names(), packages).prop_map(|(name, package)| Symbol::new(&name, &package))
}

fn hash_of(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// The same value in parts of its own, and in its odder forms.
fn rebuilt(value: &Value) -> Value {
    match value {
        Value::Nil => Value::Symbol(Symbol::nil()),
        Value::Integer(integer) => Value::Bignum(Arc::new(BigInt::from(*integer))),
        Value::List(list) => Value::dotted(list.iter().map(rebuilt), rebuilt(list.tail())),
        Value::Vector(items) => Value::vector(items.iter().map(rebuilt)),
        Value::Symbol(symbol) => Value::Symbol(Symbol::new(symbol.name(), symbol.package())),
        other => other.clone(),
    }
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(value in extended()) {
        let text = value.to_string();
        prop_assert_eq!(Value::read(&text), Ok(value), "{}", text);
    }

    #[test]
    fn symbols_read_back(symbol in symbols()) {
        prop_assert_eq!(Symbol::read(&symbol.to_string()), Ok(symbol));
    }

    #[test]
    fn any_text_reads_or_fails(text in "[-+.#(){}|\"';: \\\\a-c0-9/dT]{0,24}") {
        if let Ok(value) = Value::read(&text) {
            prop_assert_eq!(Value::read(&value.to_string()), Ok(value));
        }
    }

    #[test]
    fn equal_values_hash_alike(a in extended(), b in extended()) {
        let again = rebuilt(&a);
        prop_assert_eq!(&a, &again);
        prop_assert_eq!(hash_of(&a), hash_of(&again));
        prop_assert!(a != b || hash_of(&a) == hash_of(&b));
        prop_assert_ne!(Value::list([a.clone(), b]), Value::list([a]));
    }
}

#[test]
fn a_value_takes_three_words() {
    assert_eq!(size_of::<Value>(), 24);
}

#[test]
fn nil_is_one_value() {
    let forms = [
        Value::Nil,
        Value::from(false),
        Value::from(()),
        Value::from(None::<i64>),
        Value::from(Vec::<Value>::new()),
        Value::Symbol(Symbol::nil()),
        Value::List(List::default()),
        Value::read("()").unwrap(),
        Value::read("nil").unwrap(),
        Value::read("common-lisp:nil").unwrap(),
    ];
    for form in &forms {
        assert!(form.is_nil());
        assert_eq!(form, &Value::Nil);
        assert_eq!(hash_of(form), hash_of(&Value::Nil));
        assert_eq!(form.to_string(), "NIL");
        assert_eq!(form.as_slice(), Some(&[][..]));
        assert!(form.as_symbol().is_some_and(Symbol::is_nil));
        assert_eq!(Value::dotted([1], form.clone()), Value::list([1]));
    }
    assert_ne!(Value::Nil, Value::vector::<Value>([]));
    assert!(!Value::Symbol(Symbol::new("NIL", "COMMON-LISP-USER")).is_nil());
}

#[test]
fn integers_have_one_form_each() {
    for integer in [0, -1, i128::from(i64::MAX), i128::from(i64::MIN)] {
        assert!(matches!(Value::from(integer), Value::Integer(_)));
        assert_eq!(Value::from(integer), Value::from(BigInt::from(integer)));
    }
    assert!(matches!(Value::from(u64::MAX), Value::Bignum(_)));
    assert!(matches!(Value::from(i128::from(i64::MIN) - 1), Value::Bignum(_)));
}

#[test]
fn values_print_as_lisp_prints_them() {
    let remote = Remote::<u8>::with_hold(Token::new(1, 2, 3), None);
    let cases = [
        (Value::from(true), "T"),
        (Value::from(2.5), "2.5d0"),
        (Value::from(-0.0), "-0.0d0"),
        (Value::from(1e21), "1.0d21"),
        (Value::from(1.5e-9), "1.5d-9"),
        (Value::from(2.5_f32), "2.5"),
        (Value::from(1e10_f32), "1.0e10"),
        (Value::from(f64::INFINITY), "#<double inf>"),
        (Value::from(f32::NAN), "#<single NaN>"),
        (Value::from("a \"b\" \\"), r#""a \"b\" \\""#),
        (Value::cons(1, Value::cons(2, 3)), "(1 2 . 3)"),
        (Value::cons(1, Value::vector([2])), "(1 . #(2))"),
        (Value::vector::<Value>([]), "#()"),
        (Value::Octets([10, 255].into()), "#{0a ff}"),
        (Value::from(remote), "#<remote 1:2:3>"),
        (Value::from(Symbol::new("car", "COMMON-LISP-USER")), "|car|"),
        (Value::from(Symbol::new("CAR", "COMMON-LISP")), "COMMON-LISP::CAR"),
        (Value::from(Symbol::new("1+", "COMMON-LISP-USER")), "1+"),
        (Value::from(Symbol::new("-1", "COMMON-LISP-USER")), "|-1|"),
        (Value::from(Symbol::new("a|b", "MY-PKG")), r"MY-PKG::|a\|b|"),
        (Value::from(Symbol::new("", "KEYWORD")), ":||"),
        (Value::from(Symbol::new("NIL", "COMMON-LISP-USER")), "COMMON-LISP-USER::NIL"),
        (Value::read("'(a 'b)").unwrap(), "'(A 'B)"),
    ];
    for (value, printed) in cases {
        assert_eq!(value.to_string(), printed);
        assert_eq!(format!("{value:?}"), printed);
    }
}

#[test]
fn the_reader_reads_what_people_write() {
    let cases = [
        (" ( 1 2 ; two\n #| not #| this |# |# 3 ) ", Value::list([1, 2, 3])),
        ("(a . (b . nil))", Value::read("(a b)").unwrap()),
        ("+5", Value::from(5)),
        ("5.", Value::from(5)),
        (".5", Value::from(0.5_f32)),
        ("1.5e3", Value::from(1500_f32)),
        ("1d0", Value::from(1.0)),
        ("-1.5D-1", Value::from(-0.15)),
        ("common-lisp:t", Value::t()),
        ("foo\\bar", Value::from(Symbol::new("FOObAR", "COMMON-LISP-USER"))),
        ("|x y|z", Value::from(Symbol::new("x yZ", "COMMON-LISP-USER"))),
        (":straße", Value::keyword("STRAßE")),
        ("#{0a FF}", Value::Octets([10, 255].into())),
        ("#(1 #(2))", Value::vector([Value::from(1), Value::vector([2])])),
    ];
    for (text, value) in cases {
        assert_eq!(Value::read(text), Ok(value), "{text}");
    }
}

#[test]
fn the_reader_says_where_and_why_it_stopped() {
    use ReadErrorKind::*;
    let cases = [
        ("", 0, Unfinished),
        ("(1 2", 4, Unfinished),
        ("\"abc", 4, Unfinished),
        ("#| abc", 6, Unfinished),
        ("'", 1, Unfinished),
        ("1 2", 2, Trailing),
        (")", 0, Close),
        ("(')", 2, Close),
        ("(. 1)", 1, Dot),
        ("(1 . 2 3)", 7, Dot),
        ("(1 .)", 4, Dot),
        ("(1 . 2 . 3)", 7, Dot),
        ("#(1 . 2)", 4, Dot),
        ("...", 0, Dot),
        ("a:b:c", 3, Colon),
        ("(a a:)", 3, Colon),
        ("1/2", 0, Ratio),
        ("1d999", 0, FloatRange),
        ("#{0g}", 2, Octets),
        ("(1 #<remote 1:2:3>)", 3, Unsupported('<')),
        ("`a", 0, Unsupported('`')),
    ];
    for (text, at, kind) in cases {
        assert_eq!(Value::read(text), Err(kind.at(at)), "{text}");
    }
    assert_eq!(Symbol::read("12"), Err(NotASymbol.at(0)));
    assert_eq!(Symbol::read("()"), Err(NotASymbol.at(0)));
    let error = Value::read("(1 . 2 3)").unwrap_err();
    assert_eq!(error.to_string(), "the dot is out of place at octet 7 of the text");
}

#[test]
fn debug_is_bounded() {
    let long = Value::list(0..1_000_000);
    let text = "ä".repeat(10_000);
    let huge = Value::from(BigInt::from(1) << 100_000_000_u32);
    for value in [long, Value::from(&*text), Value::keyword(&text)] {
        let shown = format!("{value:?}");
        assert!(shown.len() <= 4096 && shown.len() > 4090 && shown.ends_with("..."));
    }
    assert_eq!(format!("{huge:?}"), "#<integer of 100000001 bits>");
}

#[test]
fn a_long_list_needs_no_stack() {
    on_a_small_stack(|| large(Value::list(0..1_000_000)));
}

#[test]
fn a_deep_list_needs_no_stack() {
    on_a_small_stack(|| large(nested(1_000_000)));
    const DEPTH: usize = 100_000;
    on_a_small_stack(|| {
        large((0..DEPTH).fold(Value::Nil, |value, _| Value::vector([value])));
        large((0..DEPTH).fold(Value::from(1), |value, _| Value::cons(7, Value::vector([value]))));
        let quotes = "'".repeat(DEPTH) + "x";
        large(Value::read(&quotes).unwrap());
    });
}

/// Everything that can be done with a value.
fn large(value: Value) {
    let text = value.to_string();
    let again = Value::read(&text).unwrap();
    assert_eq!(value, again);
    assert_eq!(hash_of(&value), hash_of(&again));
    assert!(format!("{value:?}").len() <= 4096);
    drop((value, again));
}

#[test]
fn a_shared_list_survives_its_other_holders() {
    let inner = Value::list([1, 2]);
    let outer = Value::list([inner.clone(), inner.clone()]);
    drop(outer);
    assert_eq!(inner, Value::list([1, 2]));
}
