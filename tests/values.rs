//! Every type there and back over a real wire, in both dialects.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod support;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use bytes::Bytes;
use num_bigint::BigInt;
use support::{everywhere, loopback, offers, until, within};
use wire::{
    Builder, CallError, FromWire, Functions, Ran, Remote, Serde, Symbol, ToWire, Value, Vector,
    Wire, functions, remote, remote_fn, remote_value,
};

/// A function that gives back what it takes.
macro_rules! echoes {
    ($($name:ident: $type:ty;)*) => {
        $(
            #[remote_fn]
            fn $name(value: $type) -> $type {
                value
            }
        )*

        /// All of them.
        fn echoing() -> Functions {
            functions![$($name),*]
        }
    };
}

#[derive(Clone, Debug, Default, PartialEq, ToWire, FromWire)]
struct Job {
    id: i64,
    command: String,
    exit_status: Option<i64>,
    #[wire(rename = "user")]
    owner: Option<String>,
    tags: Vec<String>,
    #[wire(default)]
    priority: i64,
}

#[derive(Clone, Debug, PartialEq, ToWire, FromWire)]
struct Point(i64, i64);

#[derive(Clone, Debug, PartialEq, ToWire, FromWire)]
#[wire(list)]
struct Range {
    from: i64,
    upto: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, ToWire, FromWire)]
#[wire(transparent)]
struct Id(u64);

#[derive(Clone, Debug, PartialEq, ToWire, FromWire)]
struct Nothing;

#[derive(Clone, Debug, PartialEq, ToWire, FromWire)]
enum Move {
    Stop,
    GoTo(i64, i64),
    Turn { by: i64, slowly: bool },
    Say(String),
}

#[derive(Clone, Debug, PartialEq, ToWire, FromWire)]
struct Pair<A, B> {
    left: A,
    right: Vec<B>,
}

type Deep = BTreeMap<String, Vec<(i64, Option<String>)>>;

echoes! {
    echo_i8: i8;
    echo_i16: i16;
    echo_i32: i32;
    echo_i64: i64;
    echo_i128: i128;
    echo_isize: isize;
    echo_u8: u8;
    echo_u16: u16;
    echo_u32: u32;
    echo_u64: u64;
    echo_u128: u128;
    echo_usize: usize;
    echo_big: BigInt;
    echo_bool: bool;
    echo_char: char;
    echo_string: String;
    echo_symbol: Symbol;
    echo_duration: Duration;
    echo_option: Option<i64>;
    echo_list: Vec<i64>;
    echo_strings: Vec<String>;
    echo_array: [i64; 3];
    echo_set: BTreeSet<i64>;
    echo_map: HashMap<String, i64>;
    echo_deep: Deep;
    echo_nested: Vec<Vec<(bool, char)>>;
    echo_job: Job;
    echo_point: Point;
    echo_range: Range;
    echo_id: Id;
    echo_nothing: Nothing;
    echo_move: Move;
    echo_moves: Vec<Move>;
    echo_pair: Pair<Move, Option<Job>>;
    echo_value: Value;
    echo_double: f64;
    echo_single: f32;
    echo_bytes: Bytes;
    echo_doubles: Vector<f64>;
    echo_octets: Vector<u8>;
}

/// Both dialects at the calling side.
async fn both_dialects(test: impl AsyncFn(Wire)) {
    for here in [Wire::builder(), Wire::builder().classic()] {
        everywhere(here, offers(echoing()), async |here, _there| test(here).await).await;
    }
}

/// Every one of the values comes back from the function as it went.
macro_rules! there_and_back {
    ($wire:expr, $function:ident, [$($value:expr),* $(,)?]) => {
        $(
            let value = $value;
            match remote_value!($wire, <$function>(Clone::clone(&value))).value().await {
                Ok(back) => assert_eq!(back, value),
                Err(error) => panic!("{value:?}: {error}"),
            }
        )*
    };
}

#[tokio::test]
async fn numbers_of_every_width_and_of_none() {
    both_dialects(async |wire| {
        there_and_back!(wire, echo_i8, [i8::MIN, 0, i8::MAX]);
        there_and_back!(wire, echo_i16, [i16::MIN, i16::MAX]);
        there_and_back!(wire, echo_i32, [i32::MIN, -1, i32::MAX]);
        there_and_back!(wire, echo_i64, [i64::MIN, 1 << 31, 1 << 32, -(1 << 31) - 1, i64::MAX]);
        there_and_back!(wire, echo_i128, [i128::MIN, i128::MAX]);
        there_and_back!(wire, echo_isize, [isize::MIN, isize::MAX]);
        there_and_back!(wire, echo_u8, [0, u8::MAX]);
        there_and_back!(wire, echo_u16, [u16::MAX]);
        there_and_back!(wire, echo_u32, [1 << 31, u32::MAX]);
        there_and_back!(wire, echo_u64, [u64::MAX]);
        there_and_back!(wire, echo_u128, [u128::MAX]);
        there_and_back!(wire, echo_usize, [usize::MAX]);
        let huge = BigInt::from(3).pow(10_000);
        there_and_back!(wire, echo_big, [BigInt::from(0), huge.clone(), -huge]);
        let error = remote_value!(wire, echo_u8(256)).await.map(|told: (Option<u8>, bool)| told.1);
        assert!(error.unwrap(), "256 is no u8");
    })
    .await;
}

#[tokio::test]
async fn texts_symbols_and_times() {
    both_dialects(async |wire| {
        there_and_back!(wire, echo_bool, [true, false]);
        there_and_back!(wire, echo_char, ['a', '\0', 'é', '🦀']);
        for text in ["", "a\0b\n\"\\", "日本語🦀"] {
            there_and_back!(wire, echo_string, [text.to_owned()]);
        }
        let symbols =
            [Symbol::keyword("KEY"), Symbol::nil(), Symbol::new("odd |name|", "Pack age")];
        for symbol in symbols {
            there_and_back!(wire, echo_symbol, [symbol.clone(), symbol]);
        }
        there_and_back!(wire, echo_duration, [Duration::ZERO, Duration::new(u32::MAX.into(), 1)]);
    })
    .await;
}

#[tokio::test]
async fn lists_options_and_maps() {
    both_dialects(async |wire| {
        there_and_back!(wire, echo_option, [Some(0), None]);
        there_and_back!(wire, echo_list, [vec![], vec![1, i64::MAX, -1], (0..1000).collect()]);
        there_and_back!(wire, echo_strings, [vec![], vec![String::new(), "two".to_owned()]]);
        there_and_back!(wire, echo_array, [[1, 2, 3]]);
        there_and_back!(wire, echo_set, [BTreeSet::from([3, 1, 2])]);
        let map: HashMap<_, _> = (0..100).map(|n| (format!("key {n}"), n)).collect();
        there_and_back!(wire, echo_map, [HashMap::new(), map]);
        let deep = Deep::from([
            ("empty".to_owned(), vec![]),
            ("two".to_owned(), vec![(1, None), (2, Some("x".to_owned()))]),
        ]);
        there_and_back!(wire, echo_deep, [deep]);
        there_and_back!(wire, echo_nested, [vec![vec![], vec![(true, 'x'), (false, 'y')]]]);
        let short = remote_value!(wire, echo_array([1, 2]) -> Value).await.unwrap();
        assert_eq!(short, (None, true), "two are not three");
    })
    .await;
}

fn job() -> Job {
    let tags = vec!["a".to_owned(), "b".to_owned()];
    Job { id: 7, command: "make".to_owned(), exit_status: Some(-1), owner: None, tags, priority: 2 }
}

#[tokio::test]
async fn structs_and_enums() {
    both_dialects(async |wire| {
        there_and_back!(
            wire,
            echo_job,
            [job(), Job { owner: Some("me".into()), ..Job::default() }]
        );
        there_and_back!(wire, echo_point, [Point(1, -1)]);
        there_and_back!(wire, echo_range, [Range { from: 1, upto: None }]);
        there_and_back!(wire, echo_id, [Id(u64::MAX)]);
        there_and_back!(wire, echo_nothing, [Nothing]);
        let moves = vec![
            Move::Stop,
            Move::GoTo(1, 2),
            Move::Turn { by: 90, slowly: true },
            Move::Turn { by: -90, slowly: false },
            Move::Say("on".to_owned()),
        ];
        for one in &moves {
            there_and_back!(wire, echo_move, [one.clone()]);
        }
        there_and_back!(wire, echo_moves, [moves, vec![]]);
        let pair = Pair { left: Move::Stop, right: vec![Some(job()), None] };
        there_and_back!(wire, echo_pair, [pair]);
    })
    .await;
}

#[tokio::test]
async fn structs_are_lisps_own_lists() {
    both_dialects(async |wire| {
        let shown = async |text: &str| {
            let value: Value = text.parse().unwrap();
            let back = remote_value!(wire, echo_job(value) -> Value).value().await?;
            // A packed record has a place for what a list leaves out.
            Ok::<_, CallError>(back.to_string().replace(" :EXIT-STATUS NIL", ""))
        };
        let all = r#"(:ID 7 :COMMAND "make" :EXIT-STATUS -1 :USER "me" :TAGS ("a") :PRIORITY 2)"#;
        assert_eq!(shown(all).await.unwrap(), all);
        // Unknown keys are ignored, what is missing is NIL or the default.
        let seen = shown(r#"(:UNHEARD-OF (1 2) :COMMAND "x" :ID 1 :USER "me")"#).await.unwrap();
        assert_eq!(seen, r#"(:ID 1 :COMMAND "x" :USER "me" :TAGS NIL :PRIORITY 0)"#);
        let error = shown("(:COMMAND \"x\")").await.unwrap_err();
        if wire.is_extended() {
            let message = error.to_string();
            assert!(message.contains("`id`") && message.contains("ECHO-JOB"), "{message}");
        }
        let value: Value = "(:GO-TO 1 2)".parse().unwrap();
        let back = remote_value!(wire, echo_move(value) -> Value).value().await.unwrap();
        assert_eq!(back, value);
        let unknown: Value = ":FLY".parse().unwrap();
        let error = remote_value!(wire, echo_move(unknown) -> Value).value().await.unwrap_err();
        if wire.is_extended() {
            assert!(error.to_string().contains("(Move), found :FLY"), "{error}");
        }
    })
    .await;
}

#[tokio::test]
async fn floats_octets_and_vectors_pass_between_peers_that_know_them() {
    everywhere(Wire::builder(), offers(echoing()), async |wire, _there| {
        there_and_back!(wire, echo_double, [0.1, -0.0, f64::MAX, f64::INFINITY]);
        there_and_back!(wire, echo_single, [0.1, f32::MIN_POSITIVE]);
        let nan = remote_value!(wire, echo_double(f64::NAN)).value().await;
        assert!(f64::is_nan(nan.unwrap()));
        there_and_back!(wire, echo_bytes, [Bytes::new(), Bytes::from(vec![0_u8; 100_000])]);
        there_and_back!(wire, echo_doubles, [Vector(vec![]), Vector(vec![0.5; 10_000])]);
        there_and_back!(wire, echo_octets, [Vector(vec![1, 2, 255])]);
        let value = Value::vector([Value::from(1), Value::from(0.5), Value::from("x")]);
        there_and_back!(wire, echo_value, [value]);
    })
    .await;
}

#[tokio::test]
async fn a_classic_peer_is_never_sent_what_it_cannot_read() {
    for here in [Wire::builder().classic(), Wire::builder()] {
        // Either this side knows that it speaks to a classic one, or has been told by silence.
        let there: Builder = offers(echoing()).classic();
        everywhere(here, there, async |wire, there| {
            let before = there.stats().calls_received;
            let error = remote_value!(wire, echo_pair(1, 0.5)).value().await;
            let error: CallError = error.map(|_: Value| ()).unwrap_err();
            let CallError::Unsendable { argument, .. } = &error else { panic!("{error}") };
            assert_eq!((*argument, error.ran()), (Some(1), Ran::No));
            let message = error.to_string();
            for part in ["ECHO-PAIR", "argument 2: a double-float cannot", "as a string"] {
                assert!(message.contains(part), "{part} is missing in: {message}");
            }
            let error = remote!(wire, echo_single(0.5_f32)).unwrap_err();
            assert!(error.to_string().contains("a single-float"), "{error}");
            let error = remote!(wire, echo_list(vec![1.5, 2.5])).unwrap_err();
            assert!(matches!(error, CallError::Unsendable { .. }), "{error}");
            let error = remote!(wire, echo_bytes(Bytes::from_static(b"x"))).unwrap_err();
            assert!(matches!(error, CallError::Unsendable { .. }), "{error}");
            let error = remote!(wire, echo_value(Value::vector([1, 2]))).unwrap_err();
            assert!(matches!(error, CallError::Unsendable { .. }), "{error}");
            there_and_back!(wire, echo_i64, [5]);
            assert_eq!(there.stats().calls_received, before + 1, "nothing else was sent");
        })
        .await;
    }
}

#[remote_fn]
fn half(n: i64) -> f64 {
    n as f64 / 2.0
}

#[tokio::test]
async fn a_value_that_a_classic_caller_cannot_read_unwinds() {
    let there = offers(functions![half].merge(echoing()));
    everywhere(Wire::builder().classic(), there, async |wire, _there| {
        assert_eq!(remote_value!(wire, half(3) -> Value).await.unwrap(), (None, true));
        there_and_back!(wire, echo_i64, [5]);
    })
    .await;
}

#[tokio::test]
async fn latin1_says_what_it_cannot_carry() {
    let here = Wire::builder().classic().latin1();
    let there = offers(echoing()).classic().latin1();
    everywhere(here, there, async |wire, _there| {
        there_and_back!(wire, echo_string, ["crème brûlée ÿ".to_owned()]);
        let error = remote!(wire, echo_string("a 🦀")).unwrap_err();
        assert!(error.to_string().contains("'🦀'"), "{error}");
        there_and_back!(wire, echo_string, ["still here".to_owned()]);
    })
    .await;
}

#[tokio::test]
async fn large_values_pass() {
    for here in [Wire::builder(), Wire::builder().classic()] {
        let (wire, _there) = loopback(here, offers(echoing())).await;
        let list = Value::list((0..100_000).map(|n| {
            let text: &str = if n % 2 == 0 { "even" } else { "odd" };
            Value::list([Value::from(n), Value::from(text), Value::keyword(text)])
        }));
        there_and_back!(wire, echo_value, [list]);
        let string: String = "0123456789é".repeat(3 << 20 >> 3);
        assert!(string.len() > 3_000_000);
        there_and_back!(wire, echo_string, [string]);
        there_and_back!(wire, echo_list, [(0..100_000).map(|n| n * 1_000_003).collect()]);
    }
}

#[tokio::test]
async fn remote_objects_stand_anywhere_among_values() {
    let (here, there) = loopback(offers(echoing()), offers(echoing())).await;
    let object = Remote::new(std::sync::Arc::new(7_u8));
    let value = Value::list([Value::from(1), Value::from(object.untyped())]);
    let back = within(remote_value!(here, echo_value(value) -> Value).value()).await.unwrap();
    assert_eq!(back, value);
    let found = back.iter().find_map(Value::as_remote).unwrap().typed::<u8>();
    assert_eq!(*found.value().unwrap(), 7);
    until(|| here.stats().objects_exported == 1).await;
    drop(there);
}

#[tokio::test]
async fn deep_values_are_refused_before_they_are_sent_and_shallow_long_ones_are_not() {
    both_dialects(async |wire| {
        let deep = (0..100_000).fold(Value::Nil, |inner, _| Value::list([inner]));
        let told = remote_value!(wire, echo_value(deep) -> Value).await;
        match told {
            Ok(told) => assert_eq!(told, (None, true), "a classic peer finds out"),
            Err(error) => assert!(matches!(error, CallError::Unsendable { .. }), "{error}"),
        }
        there_and_back!(wire, echo_i64, [5]);
    })
    .await;
}

#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Order {
    order_id: u32,
    items: Vec<Item>,
    note: Option<String>,
    by_name: BTreeMap<String, i64>,
}

#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
enum Item {
    Nothing,
    Book { title: String, pages: u16 },
    Weight(i64),
}

#[remote_fn]
fn echo_order(order: Serde<Order>) -> Serde<Order> {
    order
}

#[tokio::test]
async fn types_that_serde_knows_pass_by_an_adapter() {
    let book = Item::Book { title: "Lisp".to_owned(), pages: 628 };
    let order = Order {
        order_id: 7,
        items: vec![Item::Nothing, book, Item::Weight(-1)],
        note: None,
        by_name: BTreeMap::from([("a".to_owned(), 1)]),
    };
    for here in [Wire::builder(), Wire::builder().classic()] {
        everywhere(here, offers(functions![echo_order]), async |wire, _there| {
            let back = remote_value!(wire, echo_order(Serde(&order)) -> Serde<Order>).value().await;
            assert_eq!(back.unwrap().0, order);
            let seen =
                remote_value!(wire, echo_order(Serde(&order)) -> Value).value().await.unwrap();
            assert_eq!(seen.get("ORDER-ID"), Some(&Value::from(7)), "{seen}");
        })
        .await;
    }
}
