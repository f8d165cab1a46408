//! What is sent as data: with its call as one unit, or not at all.

use wire::{
    CallError, Encoder, Limits, Ran, RawOutput, Symbol, ToWire, Unsendable, Value, Wire, remote,
    remote_value,
};

use crate::raw::{RawPeer, Said, over_pipe};
use crate::{builder, within};

struct Fails;

impl ToWire for Fails {
    fn to_wire(&self, _: &mut Encoder<'_>) -> Result<(), Unsendable> {
        Err(Unsendable::said("it never goes"))
    }
}

struct Panics;

impl ToWire for Panics {
    fn to_wire(&self, _: &mut Encoder<'_>) -> Result<(), Unsendable> {
        panic!("in the middle of the data")
    }
}

#[tokio::test]
async fn data_that_cannot_be_sent_is_told_by_its_item_and_sends_nothing() {
    let (here, there) = builder().latin1().pair(builder().latin1()).unwrap();
    let hello = here.stats().octets_buffered;
    let mut data = RawOutput::new();
    data.byte(1).object(&Fails);
    let error = remote!(here, read(["byte"]) with data).unwrap_err();
    assert_eq!(
        error.to_string(),
        "READ was not called: item 2 of the untagged data: it never goes"
    );
    assert_eq!(error.ran(), Ran::No);
    let mut data = RawOutput::new();
    data.string("語");
    let call = remote_value!(here, read(["string"]) with data -> Value);
    let error = call.value().await.unwrap_err();
    assert!(error.to_string().contains("item 1 of the untagged data: '語'"), "{error}");
    let error = remote!(here, note(1), read(["string"]) with data, note(2)).unwrap_err();
    assert!(error.to_string().starts_with("READ was not called"), "{error}");
    assert_eq!(here.stats().octets_buffered, hello);
    within(here.sync()).await.unwrap();
    assert_eq!(there.stats().calls_received, 0);
}

#[tokio::test]
async fn a_panic_in_the_data_is_its_callers_and_sends_nothing() {
    let (here, there) = builder().pair(builder()).unwrap();
    let mut data = RawOutput::new();
    data.number(7).object(&Panics);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(
        || remote!(here, read(["number"]) with data),
    ));
    assert!(panicked.is_err());
    within(here.sync()).await.unwrap();
    assert_eq!(there.stats().calls_received, 0);
}

#[tokio::test]
async fn data_may_pass_the_limit_of_output_once_and_waits_for_room_then() {
    const LENGTH: usize = 200_000;
    let limits = Limits::default().buffered_output(1000);
    let (wire, peer) = over_pipe(Wire::builder().classic().limits(limits), 100).await;
    let octets = vec![b'x'; LENGTH];
    let mut data = RawOutput::new();
    data.octets(&octets);
    remote!(wire, put() with data).unwrap();
    let buffered = wire.stats().octets_buffered;
    assert!(buffered > LENGTH);
    let error = remote!(wire, put() with data).unwrap_err();
    assert!(matches!(error, CallError::Full { .. }), "{error}");
    assert_eq!(wire.stats().octets_buffered, buffered, "nothing of the second is there");
    let reading = tokio::spawn(take(peer, LENGTH));
    within(wire.ready()).await.unwrap();
    remote!(wire, put() with RawOutput::new()).unwrap();
    within(wire.force_output()).await.unwrap();
    let mut peer = within(reading).await.unwrap();
    assert_eq!(peer.said().await, Said::Call("PUT".to_owned(), vec![]));
}

/// Reads a call and so many octets behind it.
async fn take<S>(mut peer: RawPeer<S>, octets: usize) -> RawPeer<S>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    assert_eq!(peer.said().await, Said::Call("PUT".to_owned(), vec![]));
    while peer.buffer.len() < octets {
        assert!(within(peer.read_more()).await, "the wire has ended its side");
    }
    assert_eq!(peer.buffer.drain(..octets).collect::<Vec<_>>(), vec![b'x'; octets]);
    peer
}

#[tokio::test]
async fn data_can_be_sent_again_over_any_wire() {
    let word = Value::from("word");
    let mut data = RawOutput::new();
    data.object(&word).object(&word);
    let read = Symbol::read("read").unwrap();
    for there in [builder(), builder().classic()] {
        let (here, there) = there.clone().pair(there).unwrap();
        for wire in [&here, &there, &here] {
            let back = wire.call_with::<Vec<Value>>(&read, &[&["object", "object"]], &data);
            assert_eq!(within(back.value()).await.unwrap(), [word.clone(), word.clone()]);
        }
    }
}
