//! How deep, how many, how large.

use wire::{
    Call, CallError, Limits, Ran, Symbol, ToWire, Unsendable, Value, Wire, functions, remote_fn,
    remote_value,
};

use crate::in_both_dialects;
use crate::support::{everywhere, loopback, offers};

#[remote_fn]
fn next(n: i64) -> i64 {
    n + 1
}

/// Hands `(F (F .. argument))` of so many calls to `made`.
fn chain<R>(f: &str, calls: usize, argument: &dyn ToWire, made: &dyn Fn(&dyn ToWire) -> R) -> R {
    if calls == 0 {
        return made(argument);
    }
    chain(f, calls - 1, &Call::new(&Symbol::new(f, "COMMON-LISP-USER"), &[argument]), made)
}

/// `(NEXT (NEXT .. 0))` of so many calls.
async fn next_of(here: &Wire, calls: usize) -> Result<i64, CallError> {
    chain("NEXT", calls - 1, &0, &|argument| remote_value!(here, next(argument) -> i64))
        .value()
        .await
}

#[tokio::test]
async fn a_tree_may_be_as_deep_as_the_peer_reads_and_a_deeper_one_loses_nothing() {
    for limit in [1_u32, 8, 128, 1000] {
        let peer = offers(functions![next]).limits(Limits::default().depth(limit));
        let (most, too_many) = (limit as usize, limit as usize + 1);
        everywhere(offers(functions![]), peer.clone(), async |here, there| {
            assert_eq!(next_of(&here, most).await.unwrap(), i64::from(limit));
            // The peer has told its limit, so this fails here.
            let error = next_of(&here, too_many).await.unwrap_err();
            let CallError::Unsendable { error: why, .. } = &error else { panic!("{error}") };
            assert_eq!(*why.cause(), Unsendable::TooDeep { limit });
            assert_eq!((error.ran(), there.stats().objects_refused), (Ran::No, 0));
            assert_eq!(next_of(&here, 1).await.unwrap(), 1);
        })
        .await;
        everywhere(offers(functions![]).classic(), peer, async |here, there| {
            assert_eq!(next_of(&here, most).await.unwrap(), i64::from(limit));
            let error = next_of(&here, too_many).await.unwrap_err();
            assert!(matches!(error, CallError::Unwound(_)), "{error}");
            assert_eq!(there.stats().objects_refused, 1);
            assert_eq!(next_of(&here, 1).await.unwrap(), 1);
        })
        .await;
    }
}

macro_rules! wide {
    ($($argument:ident)*) => {
        #[remote_fn]
        #[expect(clippy::too_many_arguments, reason = "as many as there can be")]
        fn wide($($argument: i64),*) -> Vec<i64> {
            vec![$($argument),*]
        }
    };
}

wide! {
    a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 a10 a11 a12 a13 a14 a15 a16
    b0 b1 b2 b3 b4 b5 b6 b7 b8 b9 b10 b11 b12 b13 b14 b15 b16
    c0 c1 c2 c3 c4 c5 c6 c7 c8 c9 c10 c11 c12 c13 c14 c15 c16
    d0 d1 d2 d3 d4 d5 d6 d7 d8 d9 d10 d11 d12 d13 d14 d15 d16
    e0 e1 e2 e3 e4 e5 e6 e7 e8 e9 e10 e11 e12 e13 e14 e15 e16
    f0 f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 f11 f12 f13 f14 f15 f16
    g0 g1 g2 g3 g4 g5 g6 g7 g8 g9 g10 g11 g12 g13 g14 g15 g16
    h0 h1 h2 h3 h4 h5 h6 h7 h8 h9 h10 h11 h12 h13 h14 h15 h16
    i0 i1 i2 i3 i4 i5 i6 i7 i8 i9 i10 i11 i12 i13 i14 i15 i16
    j0 j1 j2 j3 j4 j5 j6 j7 j8 j9 j10 j11 j12 j13 j14 j15 j16
    k0 k1 k2 k3 k4 k5 k6 k7 k8 k9 k10 k11 k12 k13 k14 k15 k16
    l0 l1 l2 l3 l4 l5 l6 l7 l8 l9 l10 l11 l12 l13 l14 l15 l16
    m0 m1 m2 m3 m4 m5 m6 m7 m8 m9 m10 m11 m12 m13 m14 m15 m16
    n0 n1 n2 n3 n4 n5 n6 n7 n8 n9 n10 n11 n12 n13 n14 n15 n16
    o0 o1 o2 o3 o4 o5 o6 o7 o8 o9 o10 o11 o12 o13 o14 o15 o16
}

#[tokio::test]
async fn as_many_calls_stand_side_by_side_as_there_are_arguments_and_more_in_a_list() {
    #[remote_fn]
    fn same(numbers: Vec<i64>) -> Vec<i64> {
        numbers
    }

    in_both_dialects(functions![wide, next, same], async |here, _run| {
        let (wide, next) = (Symbol::read("wide").unwrap(), Symbol::read("next").unwrap());
        let numbers: Vec<i64> = (0..1000).collect();
        let arguments: Vec<[&dyn ToWire; 1]> = numbers.iter().map(|n| [n as _]).collect();
        let calls: Vec<_> = arguments.iter().map(|n| Call::new(&next, n)).collect();
        let all: Vec<_> = calls[..255].iter().map(|call| call as &dyn ToWire).collect();
        let values = here.call::<Vec<i64>>(&wide, &all).value().await.unwrap();
        assert_eq!(values, (1..=255).collect::<Vec<_>>());
        let values = remote_value!(here, same(calls) -> Vec<i64>).value().await.unwrap();
        assert_eq!(values, (1..=1000).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn in_the_classic_dialect_a_second_call_among_arguments_is_asked_for_or_refused() {
    // Wire to wire too: who is there is not known.
    let peer = offers(functions![next, crate::add]);
    everywhere(offers(functions![]).classic(), peer, async |here, there| {
        let error = remote_value!(here, add(@next(1), @next(2)) -> i64).value().await.unwrap_err();
        let CallError::Unsendable { argument: Some(1), error: why, .. } = &error else {
            panic!("{error}")
        };
        assert_eq!((*why.cause() == Unsendable::LeftoverCall, error.ran()), (true, Ran::No));
        assert_eq!(there.stats().calls_received, 0);
        let one_each = remote_value!(here, add(@add(1, @next(1)), 2) -> i64);
        assert_eq!(one_each.value().await.unwrap(), 5);
        // Of the handle and its clones, not of the wire.
        let bold = here.allow_leftover_calls();
        for wire in [bold.clone(), bold.timeout(std::time::Duration::from_secs(30))] {
            let sum = remote_value!(wire, add(@next(1), @next(2)) -> i64).value();
            assert_eq!(sum.await.unwrap(), 5);
        }
        assert!(remote_value!(here, add(@next(1), @next(2)) -> i64).value().await.is_err());
    })
    .await;
}

#[remote_fn]
fn twice(value: Value) -> Value {
    Value::list([value.clone(), value])
}

#[remote_fn]
fn are_lists(one: Value, other: Value) -> bool {
    matches!((one, other), (Value::List(_), Value::List(_)))
}

#[tokio::test]
async fn values_in_a_tree_are_bounded_as_an_object_of_the_peers_is() {
    let limits = Limits::default().object_weight(20_000).depth(60);
    let peer = offers(functions![twice, are_lists]).limits(limits);
    let (here, _there) = loopback(offers(functions![]), peer).await;
    // A string weighs 17 and a list 16: of 8 doublings the value weighs 8448, of 9 16,896.
    let double = async |one, other| {
        let call = chain("TWICE", one, &"x", &|one| {
            chain("TWICE", other, &"x", &|other| remote_value!(here, are_lists(one, other) -> bool))
        });
        call.value().await.map_err(|error| error.to_string())
    };
    assert_eq!(double(8, 8).await, Ok(true));
    let heavier = "the value of TWICE, an argument of another call: with the other values it is \
                   heavier than 20000 octets (Limits::object_weight)";
    for (one, other) in [(30, 1), (1, 30), (9, 8), (8, 9)] {
        let error = double(one, other).await.unwrap_err();
        assert!(error.contains(heavier), "{error}");
    }
    assert_eq!(double(8, 8).await, Ok(true));
}

#[remote_fn]
fn wrap(value: Value) -> Value {
    Value::list([value])
}

#[tokio::test]
async fn a_value_counts_as_deep_as_it_stands() {
    let peer = offers(functions![wrap]).limits(Limits::default().depth(20));
    let (here, _there) = loopback(offers(functions![]), peer).await;
    let wrap = async |calls: usize| {
        let made = chain("WRAP", calls - 1, &1, &|value| remote_value!(here, wrap(value) -> Value));
        made.value().await.map_err(|error| error.to_string())
    };
    // Around the deepest value stand as many calls as lists are in it, less one.
    assert!(wrap(10).await.is_ok());
    let deeper = "the value of WRAP, an argument of another call: at its place it nests deeper \
                  than 20 (Limits::depth)";
    let error = wrap(15).await.unwrap_err();
    assert!(error.contains(deeper), "{error}");
}
