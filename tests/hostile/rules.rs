//! Rules of the bytes, broken one by one, and streams that are no wire at all.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use wire::codec::ProtocolErrorKind;
use wire::{RequestServer, Value, Wire, WireError, functions, remote_fn};

use crate::raw::{
    PATIENCE, RawPeer, Said, ask, call, call_head, compact, cons, extended, hello, lookup, number,
    over, protocol, save, symbol,
};
use crate::{add, builder, echo, end_of, offered};

#[derive(Default)]
struct Ran(AtomicUsize);

#[remote_fn]
fn count(ran: &Ran) -> usize {
    ran.0.fetch_add(1, Ordering::Relaxed) + 1
}

/// What ends a wire, and the words that say so.
fn broken_rules() -> Vec<(Vec<u8>, &'static str)> {
    let nil = symbol("NIL", "COMMON-LISP");
    let negative = |op: u8| vec![op, 0xff, 0xff, 0xff, 0xff];
    vec![
        (vec![30], "unknown op 30"),
        (vec![77], "unknown op 77"),
        (vec![255], "unknown op 255"),
        (negative(8), "op string with the length -1"),
        (negative(9), "op symbol with the length -1"),
        (vec![9, 0, 0, 0, 1, b'A', 0xff, 0xff, 0xff, 0xff], "op symbol with the length -1"),
        (negative(10), "op save with the length -1"),
        (negative(11), "op lookup with the length -1"),
        (negative(17), "op octets with the length -1"),
        (vec![14, 0x80, 0, 0, 0], "op bignum with the length -2147483648"),
        (vec![18, 1, 0xff, 0xff, 0xff, 0xff], "op sequence with the length -1"),
        (vec![18, 11, 0, 0, 0, 0], "a sequence of unknown kind 11"),
        (vec![18, 0x7f, 0, 0, 0, 0], "a sequence of unknown kind 127"),
        (save(1, &number(1)), "save at index 1 where 0 is next"),
        (lookup(0), "lookup of index 0, where 0 objects were saved"),
        (vec![20, 0], "lookup of index 0, where 0 objects were saved"),
        (vec![20, 0xff, 0xff, 0xff, 0xff, 0x1f], "a varint beyond 32 bits"),
        (vec![20, 0x80, 0x80, 0x80, 0x80, 0x80, 0], "a varint beyond 32 bits"),
        (vec![21, 0], "a record without fields"),
        (vec![22, 7, 0, 0], "a call that wants 7"),
        (vec![22, 0, 1, 0], "lookup of index 0, where 0 objects were saved"),
        (vec![22, 1, 0xff, 0xff, 0xff, 0xff, 0x7f], "a varint beyond 32 bits"),
        (vec![23, 0xff, 0xff, 0xff, 0xff, 0x7f, 0], "a varint beyond 32 bits"),
        (vec![24, 0xff, 0xff, 0xff, 0xff, 0x7f], "a varint beyond 32 bits"),
        (vec![25, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x7f], "a varint beyond 32 bits"),
        (vec![26, 0xff, 0xff, 0xff, 0xff, 0x7f], "a varint beyond 32 bits"),
        (cons(&[22, 0, 0, 0], &nil), "op call inside another object"),
        (cons(&[23, 0, 0], &nil), "op return inside another object"),
        ([call_head("ECHO", 1), vec![24, 0]].concat(), "op unwound inside another object"),
        ([vec![23, 0, 1], vec![25, 0, 0, 0, 0, 0]].concat(), "op release inside another object"),
        ([vec![24, 0], vec![26, 0]].concat(), "op cancel inside another object"),
        (save(0, &[27, 0, 0, 0, 0]), "op ping inside another object"),
        (cons(&nil, &[28, 0, 0, 0, 0]), "op pong inside another object"),
        ([vec![18, 0, 0, 0, 0, 1], vec![29]].concat(), "op goodbye inside another object"),
    ]
}

#[tokio::test]
async fn every_broken_rule_ends_the_wire_and_is_named() {
    for (bytes, words) in broken_rules() {
        let ran = Arc::new(Ran::default());
        let functions = offered().merge(functions![count].state(Arc::clone(&ran)));
        let (wire, mut peer) = extended(builder().functions(functions)).await;
        peer.check_alive(1).await;
        // What stands behind it is not looked at.
        let _ = peer.stream.write_all(&[bytes, call("COUNT", &[])].concat()).await;
        let why = end_of(&wire).await;
        assert!(matches!(why, WireError::Protocol(_)), "{words}: {why}");
        assert!(why.to_string().contains(words), "{words}: {why}");
        assert_eq!(ran.0.load(Ordering::Relaxed), 0, "{words}");
    }
}

/// Objects that a peer should not send and that end nothing: each as the argument of a call.
fn odd_objects() -> Vec<Vec<u8>> {
    let keyword = |name: &str| symbol(name, "KEYWORD");
    let nil = symbol("NIL", "COMMON-LISP");
    let list = |items: &[Vec<u8>]| items.iter().rev().fold(nil.clone(), |tail, i| cons(i, &tail));
    let record =
        |n: u8, shape: Vec<u8>, values: &[Vec<u8>]| [vec![21, n], shape, values.concat()].concat();
    vec![
        record(1, list(&[number(5)]), &[number(1)]),
        record(1, number(5), &[number(1)]),
        record(1, nil.clone(), &[number(1)]),
        record(2, list(&[keyword("A")]), &[number(1), number(2)]),
        record(1, list(&[keyword("A"), keyword("B")]), &[number(1)]),
        record(1, cons(&keyword("A"), &keyword("B")), &[number(1)]),
        record(1, record(1, list(&[keyword("A")]), &[number(1)]), &[number(2)]),
        record(1, [vec![0], symbol("ADD", "COMMON-LISP-USER")].concat(), &[number(2)]),
        vec![18, 1, 0, 0, 0, 0],
        vec![18, 0x81, 0, 0, 0, 2, 1, 2],
        [vec![18, 0, 0, 0, 0, 1], cons(&number(1), &number(2))].concat(),
        vec![14, 0, 0, 0, 0],
        vec![14, 0, 0, 0, 1, 0, 0, 0, 0],
        vec![14, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0],
        vec![8, 0, 0, 0, 2, 0xff, 0xfe],
        vec![9, 0, 0, 0, 1, 0xff, 0, 0, 0, 1, 0xff],
        vec![9, 0, 0, 0, 0, 0, 0, 0, 0],
        vec![15, 0x7f, 0xf8, 0, 0, 0, 0, 0, 1],
        vec![17, 0, 0, 0, 0],
        vec![12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        [vec![0], number(5)].concat(),
        [vec![1], cons(&number(5), &number(5)), number(6)].concat(),
        [vec![0], vec![0], symbol("ADD", "COMMON-LISP-USER")].concat(),
        protocol("DO-1-VALUE-CALL", crate::raw::token(77), &[]),
        protocol("DO-N-VALUE-CALL", crate::raw::token(77), &[]),
    ]
}

#[tokio::test]
async fn objects_out_of_the_ordinary_are_read_or_refused_and_end_nothing() {
    for (number, object) in odd_objects().into_iter().enumerate() {
        let (wire, mut peer) = extended(builder()).await;
        peer.send(&[ask(1, 1), call_head("ECHO", 1), object.clone()].concat()).await;
        peer.send(&[ask(2, 1), call("ADD", &[&1, &2])].concat()).await;
        // At top level, also as the object of a `DO`.
        peer.send(&object).await;
        peer.send(&[ask(3, 1), object].concat()).await;
        peer.send(&[ask(4, 1), call("ADD", &[&3, &4])].concat()).await;
        let mut answers = [0; 5];
        while answers[4] == 0 {
            match peer.said().await {
                Said::Return(77, _) | Said::Abort(77) => {}
                Said::Return(id, _) | Said::Abort(id) => answers[id as usize] += 1,
                _ => {}
            }
        }
        assert_eq!(answers[1..], [1, 1, 1, 1], "object {number}: one answer each");
        assert!(wire.is_open(), "object {number}");
    }
}

/// One of everything that a peer may say at top level.
fn everything() -> Vec<Vec<u8>> {
    vec![
        hello(),
        call("COUNT", &[]),
        [ask(1, 1), call("ADD", &[&1, &2])].concat(),
        call("ECHO", &[&"text", &vec![1, 2, 3]]),
        compact(1, 7, "COUNT", &[]),
        compact(0, 0, "ECHO", &[&1.5_f64]),
        compact(6, 8, "ECHO", &[&Value::read("(:a 1 \"b\" #(1 2))").unwrap()]),
        [call_head("ECHO", 1), save(0, &symbol("KEPT", "P"))].concat(),
        vec![25, 0, 0, 0, 1, 0x80, 1],
        vec![26, 0x80, 1],
        vec![27, 0, 0, 0, 9],
        vec![28, 0, 0, 0, 9],
        [vec![29], vec![8, 0, 0, 0, 3, b'b', b'y', b'e']].concat(),
    ]
}

#[tokio::test]
async fn a_stream_that_ends_inside_an_object_runs_nothing_of_it() {
    for (number, object) in everything().into_iter().enumerate() {
        for cut in 1..object.len() {
            let ran = Arc::new(Ran::default());
            let functions = offered().merge(functions![count].state(Arc::clone(&ran)));
            let (wire, mut peer) = over(builder().functions(functions)).await;
            peer.send(&object[..cut]).await;
            peer.stream.shutdown().await.unwrap();
            let why = end_of(&wire).await;
            let gone = matches!(why, WireError::PeerVanished | WireError::PeerClosed { .. });
            assert!(gone, "object {number}, cut at {cut}: {why}");
            assert_eq!(ran.0.load(Ordering::Relaxed), 0, "object {number}, cut at {cut}");
        }
    }
}

const FOREIGN: &[&[u8]] = &[
    b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"POST /run HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n\r\n\r\n\r",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"SSH-2.0-OpenSSH_9.6\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 and so on, a TLS ClientHello",
    b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03 and so on, a short TLS ClientHello",
    b"{\"jsonrpc\": \"2.0\"}",
    b"*1\r\n$4\r\nPING\r\n",
    b"\xef\xbb\xbfhello",
];

#[tokio::test]
async fn foreign_protocols_are_told_apart_and_quoted() {
    let ends = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&ends);
    let ran = Arc::new(Ran::default());
    let server = RequestServer::bind("127.0.0.1:0").await.unwrap();
    let server = server
        .functions(functions![count, add, echo].state(Arc::clone(&ran)))
        .on_death(move |_, why| kept.lock().unwrap().push(why.clone()));
    let handle = server.handle();
    tokio::spawn(server.serve());
    for bytes in FOREIGN {
        let mut stream = TcpStream::connect(handle.local_addr().unwrap()).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let mut rest = Vec::new();
        // It is closed, or reset because we had more to say.
        let _ = timeout(PATIENCE, stream.read_to_end(&mut rest)).await.expect("it is closed");
        while ends.lock().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
        let why = ends.lock().unwrap().pop().unwrap();
        let WireError::Protocol(error) = &why else { panic!("{why}") };
        let ProtocolErrorKind::NotAWire(first) = error.kind else { panic!("{why}") };
        assert_eq!(first.as_slice(), &bytes[..first.as_slice().len()]);
        assert!(first.as_slice().len() >= 8, "{why}");
    }
    assert_eq!(ran.0.load(Ordering::Relaxed), 0);
    let wire = Wire::connect(handle.local_addr().unwrap()).await.unwrap();
    assert_eq!(wire::remote_value!(wire, add(1, 2) -> i64).value().await.unwrap(), 3);
}

#[tokio::test]
async fn noise_ends_its_wire_or_does_nothing() {
    let mut state = 1_u64;
    let mut octet = move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    let ran = Arc::new(Ran::default());
    for round in 0..500 {
        let functions = functions![count].state(Arc::clone(&ran));
        let (near, far) = tokio::io::duplex(1 << 16);
        let wire = builder().functions(functions).hello_wait(std::time::Duration::ZERO);
        let wire = wire.over(near).await.unwrap();
        let mut peer = RawPeer::new(far);
        // Half of them stay among the ops.
        let noise = (0..200).map(|_| if round % 2 == 0 { octet() } else { octet() % 30 });
        let noise: Vec<u8> = noise.collect();
        let _ = peer.stream.write_all(&noise).await;
        let _ = peer.stream.shutdown().await;
        end_of(&wire).await;
    }
    assert_eq!(ran.0.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_call_that_is_saved_runs_once_and_is_not_kept() {
    let ran = Arc::new(Ran::default());
    let functions = offered().merge(functions![count].state(Arc::clone(&ran)));
    let (wire, mut peer) = over(builder().functions(functions)).await;
    peer.send(&[ask(1, 1), save(0, &call("COUNT", &[]))].concat()).await;
    assert_eq!(peer.answer(1).await, Said::Return(1, vec![Value::from(1)]));
    peer.send(&[ask(2, 1), call_head("ECHO", 1), lookup(0)].concat()).await;
    assert_eq!(peer.answer(2).await, Said::Abort(2));
    // A call inside of an object that is none is not run, and not sent back to be run there.
    let inside = cons(&call("COUNT", &[]), &number(1));
    peer.send(&[ask(3, 1), inside.clone()].concat()).await;
    assert_eq!(peer.answer(3).await, Said::Abort(3));
    peer.send(&inside).await;
    peer.check_alive(4).await;
    assert_eq!(ran.0.load(Ordering::Relaxed), 1);
    assert!(wire.is_open());
}
