//! Peers that send what no function would read.

use std::sync::{Arc, Mutex};

use wire::codec::ProtocolErrorKind;
use wire::{Limits, RawError, RawInput, Value, Wire, WireError, functions, remote_fn};

use crate::raw::{
    Said, ask, call, compact, cons, extended, lookup, number, over, save, symbol, write,
};
use crate::{builder, end_of};

/// The error of reading one item; what it has left unread of so many octets is passed over.
#[remote_fn(raw)]
async fn error_of(input: &mut RawInput<'_>, item: String, left: usize) -> Result<String, RawError> {
    async fn told<T>(read: impl Future<Output = Result<T, RawError>>) -> String {
        read.await.err().map_or_else(|| "read".to_owned(), |error| error.to_string())
    }
    let told = match &*item {
        "string" => told(input.string()).await,
        "bignum" => told(input.bignum()).await,
        "object" => told(input.object::<Value>()).await,
        "integer" => told(input.object::<i64>()).await,
        count => told(input.octets(count.parse().unwrap())).await,
    };
    input.octets(left).await?;
    Ok(told)
}

/// What reading the item from these octets says, which leaves so many of them unread.
async fn said(item: &str, octets: &[u8], left: usize) -> String {
    let limits = Limits::default().object_weight(1000).depth(5);
    let builder = Wire::builder().functions(functions![error_of, crate::add]).limits(limits);
    let (_wire, mut peer) = extended(builder).await;
    peer.send(&[&compact(1, 1, "ERROR-OF", &[&item, &left]), octets].concat()).await;
    let Said::Return(_, values) = peer.answer(1).await else { panic!("it returns") };
    peer.check_alive(2).await;
    values[0].to_string()
}

/// As a string is printed.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[tokio::test]
async fn lengths_are_refused_before_anything_of_them_comes() {
    let (most, least) = (i32::MAX.to_be_bytes(), i32::MIN.to_be_bytes());
    let minus = (-i32::MAX).to_be_bytes();
    let cases: [(&str, &[u8], &str); 8] = [
        ("string", &most, "a string of 2147483647 octets, more than 1000 (Limits::object_weight)"),
        (
            "string",
            b"\0\0\x03\xd9",
            "a string of 985 octets, more than 1000 (Limits::object_weight)",
        ),
        ("string", b"\xff\xff\xff\xff", "a string with the length -1"),
        (
            "bignum",
            &most,
            "an integer of 8589934588 octets, more than 1000 (Limits::object_weight)",
        ),
        (
            "bignum",
            &minus,
            "an integer of 8589934588 octets, more than 1000 (Limits::object_weight)",
        ),
        ("bignum", &least, "an integer with the length -2147483648"),
        ("985", &[], "985 octets, more than 1000 (Limits::object_weight)"),
        ("string", b"\0\0\0\x02\xff\xff", "a string whose octets are not UTF-8"),
    ];
    for (item, octets, told) in cases {
        // No more of it comes, and what did is left unread.
        assert_eq!(said(item, octets, octets.len()).await, quoted(told));
    }
}

#[tokio::test]
async fn what_is_just_within_the_limits_is_read() {
    let string = [&984_u32.to_be_bytes()[..], &[b'x'; 984]].concat();
    let bignum = [&246_u32.to_be_bytes()[..], &[1; 984]].concat();
    for (item, octets) in [("string", string), ("bignum", bignum), ("984", vec![0; 984])] {
        assert_eq!(said(item, &octets, 0).await, quoted("read"));
    }
}

#[tokio::test]
async fn objects_that_do_not_fit_are_passed_over() {
    let nil = symbol("NIL", "COMMON-LISP");
    let text = |text: &str| write(|out| out.string(text));
    let call = call("ADD", &[&1, &2]);
    let deep = (0..20).fold(number(1), |inner, _| cons(&inner, &nil));
    let cases = [
        ("integer", text("five"), "expected i64, found the string \"five\""),
        ("object", call.clone(), "expected a value, found a call"),
        ("object", compact(1, 7, "ADD", &[&1, &2]), "expected a value, found a call"),
        ("object", cons(&call, &nil), "expected a value, found a call in an object"),
        ("object", vec![27, 0, 0, 0, 1], "expected a value, found a message of the protocol"),
        (
            "object",
            text(&"x".repeat(2000)),
            "an object was refused: the object is heavier than 1000 octets (Limits::object_weight)",
        ),
        ("object", deep, "an object was refused: the object nests deeper than 5 (Limits::depth)"),
    ];
    for (item, octets, told) in cases {
        assert_eq!(said(item, &octets, 0).await, quoted(told));
    }
}

#[tokio::test]
async fn what_an_object_cannot_be_ends_the_wire() {
    for (octets, kind) in [
        (lookup(7), ProtocolErrorKind::NeverSaved { index: 7, saved: 0 }),
        (save(3, &number(1)), ProtocolErrorKind::SaveIndex { index: 3, next: 0 }),
        (vec![99], ProtocolErrorKind::UnknownOp { byte: 99 }),
    ] {
        let call = compact(1, 1, "READ", &[&["byte", "object"]]);
        let (wire, mut peer) = extended(builder()).await;
        let before = wire.stats().octets_received + call.len() as u64 + 1;
        peer.send(&[call, vec![0], octets].concat()).await;
        assert!(peer.reason(1).await.is("RAW-ERROR"));
        let why = end_of(&wire).await;
        let WireError::Protocol(error) = why else { panic!("{why}") };
        assert_eq!((error.kind, error.at), (kind, before), "octets outside of objects count");
    }
}

/// Tells what became of reading a string.
#[remote_fn(raw)]
async fn tell(input: &mut RawInput<'_>, told: &Told) -> Result<String, RawError> {
    let read = input.string().await;
    told.0.lock().unwrap().push(read.clone().map_err(|error| error.to_string()));
    read
}

#[derive(Default)]
struct Told(Mutex<Vec<Result<String, String>>>);

#[tokio::test]
async fn the_end_of_the_stream_in_the_middle_fails_the_read() {
    let half = b"\0\0\0\x04ab".to_vec();
    for (classic, end) in [(true, "closed the wire"), (false, "closed without a goodbye")] {
        let told = Arc::new(Told::default());
        let builder = Wire::builder().functions(functions![tell].state(Arc::clone(&told)));
        let (wire, peer) = if classic {
            let (wire, mut peer) = over(builder).await;
            peer.send(&[ask(1, 1), call("TELL", &[]), half.clone()].concat()).await;
            tokio::io::AsyncWriteExt::shutdown(&mut peer.stream).await.unwrap();
            assert_eq!(peer.drain().await, [Said::Hello, Said::Abort(1)]);
            (wire, None)
        } else {
            let (wire, mut peer) = extended(builder).await;
            peer.send(&[compact(1, 1, "TELL", &[]), half.clone()].concat()).await;
            tokio::io::AsyncWriteExt::shutdown(&mut peer.stream).await.unwrap();
            (wire, Some(peer))
        };
        let why = end_of(&wire).await;
        assert!(why.to_string().ends_with(end), "what came first counts: {why}");
        while wire.stats().calls_running > 0 {
            tokio::task::yield_now().await;
        }
        let told = told.0.lock().unwrap().clone();
        assert_eq!(told, [Err(format!("a string was not read: {why}"))]);
        drop(peer);
    }
}

#[tokio::test]
async fn floods_of_calls_and_of_data_are_read_in_turn() {
    let functions = functions![count];
    let (wire, mut peer) = extended(Wire::builder().functions(functions)).await;
    let one = [compact(0, 0, "COUNT", &[&1000]), vec![b'x'; 1000]].concat();
    for _ in 0..2000 {
        peer.send(&one).await;
    }
    peer.send(&[compact(1, 1, "COUNT", &[&3]), b"abc".to_vec()].concat()).await;
    assert_eq!(peer.answer(1).await, Said::Return(1, vec![Value::from(3)]));
    assert_eq!(wire.stats().calls_received, 2001);
}

#[remote_fn(raw)]
async fn count(input: &mut RawInput<'_>, octets: usize) -> Result<usize, RawError> {
    let mut count = 0;
    while count < octets {
        count += input.chunk(octets - count).await?.len();
    }
    Ok(count)
}
