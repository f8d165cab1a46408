//! The octets: what CMUCL says of itself, and what it does with those of a peer that is no wire of
//! ours.

use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};
use wire::codec::{Hello, Op, Reads};
use wire::{ToWire, Value, Wire, remote_value};

use super::wire;
use crate::lisp::Lisp;
use crate::live::{Peer, Role};
use crate::offer::offer;
use crate::raw_peer::{self as raw, RawPeer, Said, ask, call, compact, save, symbol};

live!(extended; server => [
    what_breaks_the_protocol_ends_the_wire_and_says_so,
    without_the_switch_that_is_an_error,
    a_hello_is_answered_once,
    a_hello_that_is_none_is_dropped,
    only_what_the_hello_lists_is_sent,
    pings_are_answered,
    a_refused_object_keeps_the_cache_right,
    a_call_that_wants_values_stands_alone,
    what_comes_an_octet_at_a_time,
]);
live!(connecting: extended; client => [connecting_says_hello_first, connecting_does_not_wait_for_ever]);

/// A peer that speaks in octets, and the wire by which Lisp can be asked.
async fn peer(lisp: &mut Lisp) -> (Wire, RawPeer<TcpStream>) {
    let wire = wire(lisp, offer()).await;
    let port = lisp.serve().await;
    (wire, RawPeer::new(TcpStream::connect(("127.0.0.1", port)).await.unwrap()))
}

/// Lisp serves its other wires.
async fn alive(wire: &Wire) {
    assert_eq!(remote_value!(wire, add(1, 2) -> i64).value().await.unwrap(), 3);
}

/// The octets of a hello.
fn hello(text: &str) -> Vec<u8> {
    raw::write(|out| out.string(text))
}

async fn what_breaks_the_protocol_ends_the_wire_and_says_so(mut lisp: Lisp) {
    let (wire, _) = peer(&mut lisp).await;
    let port = lisp.serve().await;
    let cases: [(&[u8], &str); 14] = [
        (b"GET / HTTP/1.1\r\n\r\n", "unknown op 71"),
        (b"\x1e", "unknown op 30"),
        (b"\x0d\x63", "unknown op 99"),
        (b"\x0d\x1b\0\0\0\0", "op 27 inside another object"),
        (b"\x0b\0\0\0\x05", "a lookup of index 5, where 0 objects were saved"),
        (b"\x14\x05", "a lookup of index 5, where 0 objects were saved"),
        (b"\x0a\0\0\0\x01\x13\0", "a save at index 1, where 0 is next"),
        (b"\x08\xff\xff\xff\xfe", "a negative length or index, -2"),
        (b"\x11\x80\0\0\0", "a negative length or index, -2147483648"),
        (b"\x14\xff\xff\xff\xff\x10", "a varint beyond 32 bits"),
        (b"\x14\xff\xff\xff\xff\xff\0", "a varint beyond 32 bits"),
        (b"\x12\x0b\0\0\0\0", "a sequence of unknown kind 11"),
        (b"\x15\0", "a record without fields"),
        (b"\x16\x07\0\0\0", "a call that wants 7"),
    ];
    for (octets, rule) in cases {
        let mut peer = RawPeer::new(TcpStream::connect(("127.0.0.1", port)).await.unwrap());
        peer.send(&[&hello("wire-hello/1 ops=15-29"), octets].concat()).await;
        let said = peer.drain().await;
        assert_eq!(said, [Said::Hello, Said::Goodbye], "{rule}");
        let logged = lisp.eval("(logged)").await;
        assert!(logged.contains(&format!("broke the protocol: {rule}.")), "{rule}: {logged}");
    }
    alive(&wire).await;
}

async fn without_the_switch_that_is_an_error(mut lisp: Lisp) {
    let (wire, mut peer) = peer(&mut lisp).await;
    lisp.eval("(setf wire:*unwind-on-error* nil)").await;
    peer.send(b"\x63").await;
    assert_eq!(peer.drain().await, []);
    // Whoever handles errors there, the listener or the debugger, has it; the other wires go on.
    alive(&wire).await;
}

/// The next object, a string, which must be a hello.
async fn read_hello(stream: &mut TcpStream) -> Hello {
    assert_eq!(stream.read_u8().await.unwrap(), Op::String.byte());
    let mut text = vec![0; stream.read_u32().await.unwrap() as usize];
    stream.read_exact(&mut text).await.unwrap();
    std::str::from_utf8(&text).unwrap().parse().unwrap()
}

async fn a_hello_is_answered_once(mut lisp: Lisp) {
    let (_wire, mut peer) = peer(&mut lisp).await;
    peer.send(&hello("wire-hello/1 ops=15-29")).await;
    let said = read_hello(&mut peer.stream).await;
    assert_eq!((said.reads, said.object), (Reads::ALL, 64 << 20));
    peer.send(&hello("wire-hello/1 ops=15-29")).await;
    peer.check_alive(1).await;
}

async fn a_hello_that_is_none_is_dropped(mut lisp: Lisp) {
    let (_wire, mut peer) = peer(&mut lisp).await;
    let long = format!("wire-hello/1 ops=15-29 {}", "x".repeat(512));
    for text in ["hello", "wire-hello/1", "wire-hello/2 ops=15", "wire-hello/1 ops=x", &long] {
        peer.send(&hello(text)).await;
        peer.check_alive(1).await;
    }
    for text in [
        "ops=15-",
        "ops=29-15",
        "ops=+15",
        "depth=-1",
        "object=",
        "entries=1e3",
        // Of whom this is true could not be told that a call of its unwound.
        "ops=15-29 object=0",
        "ops=15-29 object=511",
        "ops=15-29 depth=0",
    ] {
        peer.send(&hello(&format!("wire-hello/1 {text}"))).await;
        peer.check_alive(1).await;
    }
    // One that says nothing is one of the classic dialect, and as good as any.
    peer.send(&hello("wire-hello/1 ")).await;
    assert_eq!(peer.said().await, Said::Hello);
}

async fn only_what_the_hello_lists_is_sent(mut lisp: Lisp) {
    let (_wire, mut peer) = peer(&mut lisp).await;
    let ramp = || call("RAMP", &[&3]);
    let mixed = Value::read("(1 2.5d0)").unwrap();
    // Of a peer's ops, only doubles; then octets as a vector; then as octets.
    peer.send(&hello("wire-hello/1 ops=15 colour=blue")).await;
    assert_eq!(peer.said().await, Said::Hello);
    peer.send(&[ask(1, 1), call("ECHO", &[&mixed])].concat()).await;
    assert_eq!(peer.answer(1).await, Said::Return(1, vec![mixed.clone()]));
    peer.send(&[ask(2, 1), call("ECHO", &[&2.5_f32])].concat()).await;
    assert_eq!(peer.answer(2).await, Said::Abort(2));
    peer.send(&[ask(3, 1), ramp()].concat()).await;
    assert_eq!(peer.answer(3).await, Said::Abort(3));
    peer.send(&[hello("wire-hello/1 ops=18"), ask(4, 1), ramp()].concat()).await;
    let vector = Value::read("#(0 1 2)").unwrap();
    assert_eq!(peer.answer(4).await, Said::Return(4, vec![vector]));
    // Who makes a compact call reads its answer.
    peer.send(&compact(1, 5, "RAMP", &[&0])).await;
    assert!(matches!(peer.answer(5).await, Said::Return(5, _)));
    peer.send(&compact(1, 6, "FAIL-SAYING", &[&"so"])).await;
    assert_eq!(peer.reason(6).await.message(), "so");
    peer.check_alive(7).await;
}

async fn pings_are_answered(mut lisp: Lisp) {
    let (_wire, mut peer) = peer(&mut lisp).await;
    peer.send(&hello("wire-hello/1 ops=15-29")).await;
    assert_eq!(peer.said().await, Said::Hello);
    peer.send(b"\x1b\x00\x01\xff\xfe").await;
    assert_eq!(peer.said().await, Said::Pong(0x0001_fffe));
    // A pong, a cancel and a goodbye want no answer.
    peer.send(b"\x1c\0\0\0\x01\x1a\x81\x01\x1d\x08\0\0\0\x02no").await;
    peer.check_alive(1).await;
}

async fn a_refused_object_keeps_the_cache_right(mut lisp: Lisp) {
    let (_wire, mut peer) = peer(&mut lisp).await;
    // (LIST no-such-package::a :b (:c)), all of it saved, inside and out.
    let list = [b"\x0d", &save(3, &symbol("C", "KEYWORD"))[..], &symbol("NIL", "COMMON-LISP")];
    let parts = [
        &save(0, &symbol("LIST", "COMMON-LISP"))[..],
        &save(1, &symbol("A", "NO-SUCH-PACKAGE")),
        &save(2, &[b"\x0d", &list.concat()[..], b"\x13\x07"].concat()),
        &save(4, &symbol("D", "KEYWORD")),
    ];
    peer.send(&[&ask(1, 1), &b"\x03"[..], &parts.concat()].concat()).await;
    assert_eq!(peer.answer(1).await, Said::Abort(1));
    // Symbols were kept; what held more was not, and neither was what has no package.
    let look = |id, index| [&ask(id, 1)[..], b"\x01\x14\0\x14", &[index]].concat();
    for (index, kept) in [(1, None), (2, None), (3, Some("(:c)")), (4, Some("(:d)"))] {
        peer.send(&look(2, index)).await;
        let expected = match kept {
            Some(text) => Said::Return(2, vec![Value::read(text).unwrap()]),
            None => Said::Abort(2),
        };
        assert_eq!(peer.answer(2).await, expected, "index {index}");
    }
    peer.check_alive(3).await;
}

async fn a_call_that_wants_values_stands_alone(mut lisp: Lisp) {
    let (_wire, mut peer) = peer(&mut lisp).await;
    // Among the arguments of another: that is refused, and whoever waits is told.
    let list = raw::call_head("LIST", 2);
    peer.send(&[&ask(1, 1), &list[..], &call("NOTE", &[&1]), &ask(2, 1)].concat()).await;
    let mut told = [peer.said().await, peer.said().await];
    told.sort_by_key(|said| matches!(said, Said::Abort(2)));
    assert_eq!(told, [Said::Abort(1), Said::Abort(2)]);
    peer.send(&[ask(3, 1), call("NOTES", &[])].concat()).await;
    assert_eq!(peer.answer(3).await, Said::Return(3, vec![Value::Nil]));
    // What is no call is its own value.
    peer.send(&[&ask(4, 1)[..], b"\x07\0\0\0\x2a"].concat()).await;
    assert_eq!(peer.answer(4).await, Said::Return(4, vec![Value::from(42)]));
}

async fn what_comes_an_octet_at_a_time(mut lisp: Lisp) {
    let (_wire, mut peer) = peer(&mut lisp).await;
    let list = Value::read("(1 (2.5d0 \"a😀\") #(3) :four 12345678901234567890)").unwrap();
    // With data behind it that the function reads for itself: 200, -7, "é", -2^64, the list.
    let data: [&[u8]; 5] = [
        b"\xc8",
        b"\xff\xff\xff\xf9",
        b"\0\0\0\x02\xc3\xa9",
        b"\xff\xff\xff\xfd\0\0\0\x01\0\0\0\0\0\0\0\0",
        &raw::write(|out| list.to_wire(out)),
    ];
    let calls = [raw::hello(), compact(1, 1, "ECHO", &[&list]), compact(1, 2, "READ-RAW", &[])];
    for octet in calls.concat().into_iter().chain(data.concat()) {
        peer.send(&[octet]).await;
        tokio::task::yield_now().await;
    }
    assert_eq!(peer.said().await, Said::Hello);
    assert_eq!(peer.answer(1).await, Said::Return(1, vec![list.clone()]));
    let read = format!("(200 -7 \"é\" -18446744073709551616 {list})");
    let read = Value::read(&read).unwrap();
    assert_eq!(peer.answer(2).await, Said::Return(2, vec![read]));
    peer.check_alive(3).await;
}

async fn connecting_says_hello_first(mut lisp: Lisp) {
    lisp.eval("(load \"tests/cmucl/extended.lisp\")").await;
    for says in ["t", "nil"] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let form = format!(
            "(let ((wire:*say-hello* {says}))
               (connect {port})
               (wire:remote *wire* (note 1))
               (wire:wire-force-output *wire*)
               (wire:wire-extended-p *wire*))"
        );
        let (extended, accepted) = tokio::join!(lisp.eval(&form), listener.accept());
        let mut stream = accepted.unwrap().0;
        // Nobody answers, so that the dialect is the classic one.
        assert_eq!(extended, "NIL");
        if says == "t" {
            assert_eq!(read_hello(&mut stream).await.reads, Reads::ALL);
        }
        assert_eq!(stream.read_u8().await.unwrap(), Op::Funcall1.byte());
    }
}

async fn connecting_does_not_wait_for_ever(mut lisp: Lisp) {
    let Some(mut octets) = Lisp::start(Peer::Octets, Role::Server) else { return };
    let port = octets.serve().await;
    lisp.eval("(setf wire:*hello-wait* 1/100)").await;
    lisp.eval(&format!("(connect {port})")).await;
    assert_eq!(lisp.eval("(wire:wire-extended-p *wire*)").await, "NIL");
    assert_eq!(lisp.eval("(wire:remote-value *wire* (add 3 4))").await, "7");
}

#[tokio::test]
async fn a_classic_wire_is_classic_for_both() {
    let Some(mut lisp) = Lisp::start(Peer::Classic, Role::Server) else { return };
    let wire = wire(&mut lisp, offer()).await;
    assert!(!wire.is_extended());
    assert_eq!(lisp.eval("(wire:wire-extended-p *wire*)").await, "NIL");
    let value = remote_value!(wire, echo("😀") -> String).value().await.unwrap();
    assert_eq!(value, "😀");
}
