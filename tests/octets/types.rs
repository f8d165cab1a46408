//! The recorded forms, as our macros write them: what crosses, by every type that may carry it.

use std::collections::BTreeMap;
use std::sync::Arc;

use num_bigint::BigInt;
use wire::{
    Cached, Encoder, RawOutput, Remote, ToWire, Token, Unsendable, Value, Wire, remote,
    remote_value, remote_value_bind,
};

use crate::answered::two;
use crate::calls::{Forms, say, symbol};

pub(crate) fn add_types(all: &mut Forms) {
    integers(all);
    strings(all);
    symbols(all);
    lists(all);
    objects(all);
    cached(all);
    untagged(all);
}

fn value(text: &str) -> Value {
    Value::read(text).unwrap()
}

fn integers(all: &mut Forms) {
    say! { all, w:
        "(wire:remote-value w (one 0))" => remote_value!(w, one(0) -> i64);
        "(wire:remote-value w (one 0))" => remote_value!(w, one(BigInt::ZERO) -> i64);
        "(wire:remote-value w (one 0))" => remote_value!(w, one(0_u8) -> i64);
        "(wire:remote-value w (one -1))" => remote_value!(w, one(-1_i8) -> i64);
        "(wire:remote-value w (one -1))" => remote_value!(w, one(-1_i128) -> i64);
        "(wire:remote-value w (one 2147483647))" => remote_value!(w, one(i32::MAX) -> i64);
        "(wire:remote-value w (one 2147483647))" => remote_value!(w, one(0x7fff_ffff_u64) -> i64);
        "(wire:remote-value w (one -2147483648))" => remote_value!(w, one(i32::MIN) -> i64);
        "(wire:remote-value w (one 2147483648))" => remote_value!(w, one(1_u32 << 31) -> i64);
        "(wire:remote-value w (one -2147483649))" => remote_value!(w, one(-2147483649_i64) -> i64);
        "(wire:remote-value w (one 4294967295))" => remote_value!(w, one(u32::MAX) -> i64);
        "(wire:remote-value w (one 4294967296))" => remote_value!(w, one(1_u64 << 32) -> i64);
        "(wire:remote-value w (one -4294967295))" => remote_value!(w, one(-4294967295_i64) -> i64);
        "(wire:remote-value w (one -4294967296))" => remote_value!(w, one(-4294967296_i64) -> i64);
        "(wire:remote-value w (one 9223372036854775807))" => remote_value!(w, one(i64::MAX) -> i64);
        "(wire:remote-value w (one -9223372036854775808))" => remote_value!(w, one(i64::MIN) -> i64);
        "(wire:remote-value w (one 18446744073709551615))" => remote_value!(w, one(u64::MAX) -> u64);
        "(wire:remote-value w (one 18446744073709551616))" =>
            remote_value!(w, one(1_u128 << 64) -> u128);
        "(wire:remote-value w (one (expt 2 1000)))" =>
            remote_value!(w, one(BigInt::from(2).pow(1000)) -> BigInt);
        "(wire:remote-value w (one (- (expt 2 1000))))" =>
            remote_value!(w, one(-BigInt::from(2).pow(1000)) -> BigInt);
        "(wire:remote-value w (one (1- (expt 2 1024))))" =>
            remote_value!(w, one(BigInt::from(2).pow(1024) - 1) -> BigInt);
    }
}

fn strings(all: &mut Forms) {
    say! { all, w:
        "(wire:remote-value w (one \"\"))" => remote_value!(w, one("") -> String);
        "(wire:remote-value w (one \"hello, world\"))" =>
            remote_value!(w, one(String::from("hello, world")) -> String);
        "(wire:remote-value w (one (coerce (loop for code below 256 collect (code-char code)) 'string)))" =>
            remote_value!(w, one((0..=255).map(char::from).collect::<String>()) -> String);
        "(wire:remote-value w (one (make-string 1000 :initial-element #\\z)))" =>
            remote_value!(w, one("z".repeat(1000)) -> String);
    }
}

fn symbols(all: &mut Forms) {
    say! { all, w:
        "(wire:remote-value w (one 'thing))" => remote_value!(w, one(symbol("thing")) -> Value);
        "(wire:remote-value w (one 'car))" =>
            remote_value!(w, one(symbol("common-lisp:car")) -> Value);
        "(wire:remote-value w (one :key))" => remote_value!(w, one(symbol(":key")) -> Value);
        "(wire:remote-value w (one '|lower case|))" =>
            remote_value!(w, one(symbol("|lower case|")) -> Value);
        "(wire:remote-value w (one 'elsewhere::thing))" =>
            remote_value!(w, one(symbol("elsewhere::thing")) -> Value);
        "(wire:remote-value w (one 'elsewhere::|Thing|))" =>
            remote_value!(w, one(symbol("elsewhere::|Thing|")) -> Value);
        "(wire:remote-value w (one 'wire::do-1-value-call))" =>
            remote_value!(w, one(symbol("wire::do-1-value-call")) -> Value);
        "(wire:remote-value w (one t))" => remote_value!(w, one(true) -> Value);
        "(wire:remote-value w (one nil))" => remote_value!(w, one(false) -> Value);
        "(wire:remote-value w (one nil))" => remote_value!(w, one(()) -> Value);
        "(wire:remote-value w (one nil))" => remote_value!(w, one(None::<i64>) -> Value);
        "(wire:remote-value w (one nil))" => remote_value!(w, one(Vec::<i64>::new()) -> Value);
        "(wire:remote-value w (one '(a :b a nil t b :b elsewhere::a a)))" =>
            remote_value!(w, one(value("(a :b a nil t b :b elsewhere::a a)")) -> Value);
        "(progn (wire:remote w (two 'a 'b) (two 'b 'a)) (wire:remote w (one 'a)) (wire:remote w (one 'c)))" => {
            let [a, b, c] = ["a", "b", "c"].map(symbol);
            remote!(w, two(a, b), two(b, a)).unwrap();
            remote!(w, one(a)).unwrap();
            remote!(w, one(c))
        };
    }
}

#[derive(ToWire)]
struct Job {
    id: i64,
    command: &'static str,
    status: Option<i64>,
}

fn lists(all: &mut Forms) {
    say! { all, w:
        "(wire:remote-value w (one '(1)))" => remote_value!(w, one([1]) -> Value);
        "(wire:remote-value w (one '(1)))" => remote_value!(w, one((1,)) -> Value);
        "(wire:remote-value w (one '(1 \"two\" three)))" =>
            remote_value!(w, one((1, "two", symbol("three"))) -> Value);
        "(wire:remote-value w (one '(1 . 2)))" => remote_value!(w, one(value("(1 . 2)")) -> Value);
        "(wire:remote-value w (one '(1 2 . 3)))" =>
            remote_value!(w, one(value("(1 2 . 3)")) -> Value);
        "(wire:remote-value w (one '((1 (2 (3))) () ((4)))))" =>
            remote_value!(w, one(value("((1 (2 (3))) () ((4)))")) -> Value);
        "(wire:remote-value w (one '((\"a\" . 1) (\"b\" . 2))))" =>
            remote_value!(w, one(BTreeMap::from([("a", 1), ("b", 2)])) -> Value);
        "(wire:remote-value w (one '(:id 7 :command \"make\")))" =>
            remote_value!(w, one(Job { id: 7, command: "make", status: None }) -> Value);
        "(wire:remote-value-bind w (a b) (two '(1 2) '((3))) (list a b))" =>
            remote_value_bind!(w, (a: Value, b: Value) = two([1, 2], [[3]]), [a, b]);
        "(wire:remote-value-bind w (a b) (two '(1 2) '((3))) (list a b))" =>
            remote_value_bind!(w, (a: Value, b: Value) = <two>(value("(1 2)"), value("((3))")), [a, b]);
    }
}

/// An object of the peer's.
struct Theirs;

impl ToWire for Theirs {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        out.token(Token::new(1, 2, 3))
    }
}

fn thing() -> Remote<i64> {
    Remote::new(Arc::new(1))
}

fn objects(all: &mut Forms) {
    say! { all, w:
        "(wire:remote w (one (wire:make-remote-object (list 1))))" => remote!(w, one(thing()));
        "(wire:remote-value w (one (wire:make-remote-object (list 1))))" =>
            remote_value!(w, one(thing()) -> Remote);
        "(let ((thing (wire:make-remote-object (list 1)))) (wire:remote-value w (two thing thing)))" => {
            let thing = thing();
            remote_value!(w, two(thing, thing) -> Remote)
        };
        "(wire:remote-value w (one (list (wire:make-remote-object (list 1)) 2)))" =>
            remote_value!(w, one((thing(), 2)) -> Value);
        "(wire:remote-value w (make-thing))" => remote_value!(w, make_thing() -> Remote);
        "(let ((thing (wire:remote-value w (make-thing)))) (wire:remote-value w (one thing)))" =>
            [
                remote_value!(w, make_thing() -> Remote),
                remote_value!(w, one(Theirs) -> Remote),
            ];
    }
}

/// What `output-data` of `record.lisp` writes.
struct Data {
    list: Value,
    text: Cached<String>,
}

impl Data {
    fn new() -> Self {
        Self { list: value("(a \"b\" a)"), text: Cached::new("cached".to_owned()) }
    }

    fn output(&self) -> RawOutput<'_> {
        let power = BigInt::from(10).pow(30);
        let mut data = RawOutput::new();
        data.byte(200).number(-2).string("raw").bignum(&power).bignum(&-power);
        data.object(&self.list).object(&self.text);
        data
    }
}

fn untagged(all: &mut Forms) {
    say! { all, w:
        "(progn (wire:remote w (take)) (output-data))" =>
            remote!(w, take() with Data::new().output());
        "(progn (wire:remote w (one 'a)) (wire:remote w (take)) (output-data) (wire:remote w (one 'a)))" =>
            remote!(w, one(symbol("a")), take() with Data::new().output(), one(symbol("a")));
        "(progn (output-call-for-value 'take) (output-data))" =>
            remote_value!(w, take() with Data::new().output() -> Value);
    }
}

fn cached(all: &mut Forms) {
    say! { all, w:
        "(let ((text \"text\")) (dotimes (n 2) (output-call-caching 'one text)))" => {
            let text = Cached::new("text".to_owned());
            remote!(w, one(text)).unwrap();
            remote!(w, one(text))
        };
        "(let ((list '(a \"b\" a))) (dotimes (n 2) (output-call-caching 'one list)))" => {
            let list = Cached::new(value("(a \"b\" a)"));
            remote!(w, one(list)).unwrap();
            remote!(w, one(list))
        };
    }
}
