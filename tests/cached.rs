//! Objects that go over each wire once: in either dialect, within the peer's limits, and again after
//! what may have lost them.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

#[expect(dead_code, reason = "hostile peers need all of it")]
mod raw;

use std::sync::Arc;

use tokio::io::DuplexStream;
use wire::{
    Builder, Cached, Call, Encoder, Limits, Remote, ToWire, Unsendable, Value, Wire, functions,
    remote, remote_fn, remote_value,
};

use raw::{RawPeer, Said, protocol};

#[remote_fn]
fn echo(value: Value) -> Value {
    value
}

#[remote_fn]
fn same(one: Value, other: Value) -> bool {
    one == other
}

#[remote_fn]
fn letters(text: Cached<String>) -> (usize, Cached<String>) {
    (text.len(), text)
}

fn builder() -> Builder {
    Wire::builder().functions(functions![echo, same, letters])
}

/// Both dialects.
fn pairs() -> [(Wire, Wire); 2] {
    [builder().pair(builder()).unwrap(), builder().classic().pair(builder().classic()).unwrap()]
}

/// The octets that a call of `echo` with this takes, and that it comes back.
async fn echoed(wire: &Wire, sent: &(impl ToWire + Sync), value: &Value) -> u64 {
    let before = wire.stats().octets_sent;
    let back = remote_value!(wire, echo(sent) -> Value).value().await.unwrap();
    assert_eq!(back, *value);
    wire.stats().octets_sent - before
}

#[tokio::test]
async fn an_object_goes_over_each_wire_once_wherever_it_stands() {
    let value = Value::read("((:a 1) \"letters\" |sym| 123456789012345678901234567890)").unwrap();
    let cached = Cached::new(value.clone());
    for (here, there) in pairs() {
        let whole = echoed(&here, &cached, &value).await;
        let again = echoed(&here, &cached.clone(), &value).await;
        assert!(again + 40 < whole, "{whole} and {again} octets");
        // Each direction has its own cache.
        let whole = echoed(&there, &cached, &value).await;
        assert!(echoed(&there, &cached, &value).await + 40 < whole);
        let list = Value::list([value.clone(), value.clone()]);
        assert!(echoed(&here, &vec![cached.clone(); 2], &list).await < whole);
        let (one, other) = (&cached, Cached::new(value.clone()));
        assert!(remote_value!(here, same(one, other) -> bool).value().await.unwrap());
    }
}

#[tokio::test]
async fn what_a_function_returns_may_be_cached_too() {
    for (here, _there) in pairs() {
        for _ in 0..2 {
            let back = here.call_values::<(usize, String)>(
                &wire::Symbol::read("letters").unwrap(),
                &[&Cached::from("abc".to_owned())],
            );
            assert_eq!(back.value().await.unwrap(), (3, "abc".to_owned()));
        }
    }
}

struct Fails;

impl ToWire for Fails {
    fn to_wire(&self, _: &mut Encoder<'_>) -> Result<(), Unsendable> {
        Err(Unsendable::said("it never goes"))
    }
}

#[tokio::test]
async fn a_call_that_fails_has_saved_nothing() {
    let value = Value::from("a string of some length, so that it shows whether it goes again");
    for (here, _there) in pairs() {
        let cached = Cached::new(value.clone());
        remote!(here, echo(cached, Fails)).unwrap_err();
        let within = Cached::new((cached.clone(), Cached::new(Fails)));
        remote!(here, echo(within)).unwrap_err();
        let whole = echoed(&here, &cached, &value).await;
        assert!(echoed(&here, &cached, &value).await + 40 < whole);
    }
}

#[tokio::test]
async fn an_object_goes_whole_where_the_peer_has_no_room() {
    let value = Value::from("x".repeat(1000));
    for limits in [Limits::default().cache_bytes(500), Limits::default().cache_entries(0)] {
        let there = builder().limits(limits);
        let (here, _there) = builder().pair(there).unwrap();
        let cached = Cached::new(value.clone());
        for _ in 0..3 {
            assert!(echoed(&here, &cached, &value).await > 1000);
        }
    }
}

#[tokio::test]
async fn a_call_is_not_cached() {
    let echo = wire::Symbol::read("echo").unwrap();
    let one: [&dyn ToWire; 1] = [&1];
    for (here, _there) in pairs() {
        let error = remote!(here, echo(Cached::new(Call::new(&echo, &one)))).unwrap_err();
        assert!(error.to_string().contains("argument 1"), "{error}");
        let value = remote_value!(here, same(Call::new(&echo, &one), Cached::new(1)) -> bool);
        assert!(value.value().await.unwrap(), "beside one, it may stand");
    }
}

/// The argument of the call that the wire sends.
async fn noted(wire: &Wire, peer: &mut RawPeer<DuplexStream>) -> Value {
    wire.force_output().await.unwrap();
    match peer.said().await {
        Said::Call(_, arguments) => arguments[0].clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_an_aborted_classic_call_saved_is_saved_again() {
    let (wire, mut peer) = raw::over(Wire::builder().classic()).await;
    let cached = Cached::new("text".repeat(20));
    let value = Value::from("text".repeat(20));
    remote!(wire, note(Cached::new(1))).unwrap();
    noted(&wire, &mut peer).await;
    let aborted = remote_value!(wire, note(&cached) -> i64);
    let waiting = tokio::spawn(aborted);
    let Said::Ask(token) = peer.said().await else { panic!("a value is asked for") };
    assert_eq!(peer.said().await, Said::Call("NOTE".to_owned(), vec![value.clone()]));
    let before = wire.stats().octets_sent;
    remote!(wire, note(&cached)).unwrap();
    assert_eq!(noted(&wire, &mut peer).await, value);
    let looked_up = wire.stats().octets_sent;
    assert!(looked_up - before < 20, "it was looked up");
    peer.send(&protocol("REMOTE-RETURN-ABORT", token, &[])).await;
    assert_eq!(waiting.await.unwrap().unwrap(), (None, true));
    let before = wire.stats().octets_sent;
    remote!(wire, note(&cached)).unwrap();
    assert_eq!(noted(&wire, &mut peer).await, value);
    assert!(wire.stats().octets_sent - before > 80, "it was saved again");
}

#[tokio::test]
async fn a_remote_object_within_is_held_until_the_wire_ends() {
    let thing = Arc::new(5_u8);
    let watched = Arc::downgrade(&thing);
    for (here, there) in pairs() {
        let cached = Cached::new(vec![Remote::new(Arc::clone(&thing))]);
        for _ in 0..2 {
            remote_value!(here, echo(cached) -> Value).value().await.unwrap();
        }
        drop(cached);
        here.sync().await.unwrap();
        there.sync().await.unwrap();
        assert_eq!(here.exported_objects().len(), 1);
        here.abort("enough");
        there.abort("enough");
    }
    drop(thing);
    assert!(watched.upgrade().is_none());
}
