//! What is read, whatever the cuts, and what comes after it.

use std::sync::Arc;

use wire::{
    Builder, RawError, RawInput, RawOutput, Remote, Symbol, Value, Wire, functions, remote_fn,
    remote_value,
};

use crate::raw::{
    RawPeer, Said, ask, call, compact, cons, extended, lookup, number, over, save, symbol, write,
};
use crate::{big, builder, within};

const ITEMS: [&str; 8] = ["byte", "number", "string", "bignum", "object", "object", "4", "string"];

/// What the test function reads of data of every kind.
fn values(object: &Value) -> Vec<Value> {
    vec![
        Value::from(255),
        Value::from(-2),
        Value::from("né"),
        Value::from(big()),
        object.clone(),
        object.clone(),
        Value::from(r"\x00\x01\x02\xff"),
        Value::from(""),
    ]
}

#[tokio::test]
async fn every_kind_of_data_is_read_as_it_was_sent_in_either_dialect() {
    let object = Value::read("(:list (of \"things\") 5)").unwrap();
    let mut data = RawOutput::new();
    data.byte(255).number(-2).string("né").bignum(&big()).object(&object).object(&object);
    data.octets(b"\0\x01\x02\xff".as_slice()).string("");
    for there in [builder(), builder().classic(), builder().classic().latin1()] {
        let (here, there) = there.clone().pair(there).unwrap();
        for wire in [&here, &there, &here] {
            let name = Symbol::read("read").unwrap();
            let read = wire.call_with::<Vec<Value>>(&name, &[&ITEMS], &data);
            let sum = remote_value!(wire, add(1, 2) -> i64);
            assert_eq!(within(read.value()).await.unwrap(), values(&object));
            assert_eq!(within(sum.value()).await.unwrap(), 3, "what follows is a call again");
        }
    }
}

/// The octets of data of every kind, in which the first object is saved and then looked up.
fn octets() -> Vec<u8> {
    let list = cons(&save(1, &symbol("B", "P")), &cons(&number(5), &symbol("NIL", "COMMON-LISP")));
    [
        b"\xff\xff\xff\xff\xfe\0\0\0\x03n\xc3\xa9".as_slice(),
        &[&(-4_i32).to_be_bytes()[..], &[0, 0, 0, 0x70], &[0; 12]].concat(),
        &save(0, &list),
        &lookup(0),
        b"\0\x01\x02\xff\0\0\0\0",
    ]
    .concat()
}

/// Sends the pieces and looks at the answers to call 1, of the reading function, and 2.
async fn check(mut peer: RawPeer<tokio::io::DuplexStream>, pieces: &[&[u8]]) {
    for piece in pieces {
        peer.send(piece).await;
        // Most often the wire has then read it alone.
        for _ in 0..4 {
            tokio::task::yield_now().await;
        }
    }
    let object = Value::read("(p::b 5)").unwrap();
    let read = values(&object);
    assert_eq!(peer.answer(1).await, Said::Return(1, vec![Value::list(read)]));
    assert_eq!(peer.answer(2).await, Said::Return(2, vec![Value::from(42)]));
}

#[tokio::test]
async fn every_cut_gives_the_same() {
    let add: [&dyn wire::ToWire; 2] = [&20, &22];
    let classic = [ask(1, 1), call("READ", &[&ITEMS]), octets(), ask(2, 1), call("ADD", &add)];
    let short = [compact(1, 1, "READ", &[&ITEMS]), octets(), compact(1, 2, "ADD", &add)];
    for cut in 0..classic.concat().len() {
        let (_wire, peer) = over(builder()).await;
        let (first, rest) = (&classic.concat()[..cut], &classic.concat()[cut..]);
        check(peer, &[first, rest]).await;
    }
    for cut in 0..short.concat().len() {
        let (_wire, peer) = extended(builder()).await;
        let (first, rest) = (&short.concat()[..cut], &short.concat()[cut..]);
        check(peer, &[first, rest]).await;
    }
    let (_wire, peer) = over(builder()).await;
    check(peer, &classic.concat().chunks(1).collect::<Vec<_>>()).await;
}

#[tokio::test]
async fn what_objects_save_can_be_looked_up_in_calls_that_follow() {
    let (_wire, mut peer) = over(builder()).await;
    let one = ["object"];
    peer.send(
        &[ask(1, 1), call("READ", &[&one]), save(0, &symbol("ADD", crate::raw::USER))].concat(),
    )
    .await;
    assert!(matches!(peer.answer(1).await, Said::Return(..)));
    let by_index = [&[2][..], &lookup(0), &number(20), &number(22)].concat();
    peer.send(&[ask(2, 1), by_index].concat()).await;
    assert_eq!(peer.answer(2).await, Said::Return(2, vec![Value::from(42)]));
}

#[tokio::test]
async fn what_a_function_leaves_is_the_next_object() {
    let (_wire, mut peer) = over(builder()).await;
    // Of three numbers it reads one; what is left is a number with its tag, and no call.
    peer.send(&[ask(1, 1), call("READ", &[&["number"]]), vec![0, 0, 0, 9], number(5)].concat())
        .await;
    assert_eq!(peer.answer(1).await, Said::Return(1, vec![Value::list([Value::from(9)])]));
    peer.check_alive(2).await;
    // One that reads nothing is like any other.
    peer.send(&[ask(3, 1), call("READ", &[&Vec::<String>::new()])].concat()).await;
    assert_eq!(peer.answer(3).await, Said::Return(3, vec![Value::Nil]));
    peer.check_alive(4).await;
}

#[remote_fn(raw)]
async fn length_of_pieces(
    input: &mut RawInput<'_>,
    count: usize,
) -> Result<(usize, bool), RawError> {
    let (mut length, mut same) = (0, true);
    while length < count {
        let piece = input.chunk(count - length).await?;
        same &= piece.iter().all(|octet| *octet == b'x');
        length += piece.len();
    }
    Ok((length, same))
}

#[remote_fn(raw)]
async fn length_of_string(input: &mut RawInput<'_>) -> Result<usize, RawError> {
    Ok(input.string().await?.len())
}

fn lengths() -> Builder {
    Wire::builder().functions(functions![length_of_pieces, length_of_string])
}

#[tokio::test]
async fn megabytes_come_whole_and_in_pieces() {
    const LENGTH: usize = 3_000_000;
    let (wire, _there) = Wire::builder().pair(lengths()).unwrap();
    let text = "x".repeat(LENGTH);
    let mut data = RawOutput::new();
    data.string(&text);
    let name = Symbol::read("length-of-string").unwrap();
    assert_eq!(within(wire.call_with::<usize>(&name, &[], &data).value()).await.unwrap(), LENGTH);
    let mut data = RawOutput::new();
    data.octets(text.as_bytes());
    let name = Symbol::read("length-of-pieces").unwrap();
    let pieces = wire.call_values_with::<(usize, bool)>(&name, &[&LENGTH], &data);
    assert_eq!(within(pieces.value()).await.unwrap(), (LENGTH, true));
}

/// Reads what is there as long as something is, and says how often it looked in vain.
#[remote_fn(raw)]
async fn listen_for(input: &mut RawInput<'_>, octets: usize) -> Result<(String, usize), RawError> {
    let (mut read, mut in_vain) = (Vec::new(), 0);
    while read.len() < octets {
        if input.listen().await? {
            read.push(input.byte().await?);
        } else {
            in_vain += 1;
            tokio::task::yield_now().await;
        }
    }
    Ok((String::from_utf8_lossy(&read).into_owned(), in_vain))
}

#[tokio::test]
async fn listening_tells_whether_octets_are_there_without_waiting_for_the_peer() {
    let (_wire, mut peer) = over(Wire::builder().functions(functions![listen_for])).await;
    peer.send(&[ask(1, 2), call("LISTEN-FOR", &[&6]), b"abc".to_vec()].concat()).await;
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    peer.send(b"def").await;
    let Said::Return(_, values) = peer.answer(1).await else { panic!("it returns") };
    assert_eq!(values[0], Value::from("abcdef"));
    assert_ne!(values[1], Value::from(0), "between the two there was nothing");
}

#[remote_fn(raw)]
async fn listen_at_the_end(input: &mut RawInput<'_>) -> Result<bool, RawError> {
    loop {
        match input.listen().await {
            Err(RawError::Ended { .. }) => return Ok(input.byte().await.is_err()),
            listened => assert!(!listened?, "nothing comes"),
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn at_the_end_of_the_stream_listening_fails_as_reading_does() {
    let (wire, mut peer) = over(Wire::builder().functions(functions![listen_at_the_end])).await;
    peer.send(&[ask(1, 1), call("LISTEN-AT-THE-END", &[])].concat()).await;
    tokio::io::AsyncWriteExt::shutdown(&mut peer.stream).await.unwrap();
    assert_eq!(peer.answer(1).await, Said::Return(1, vec![Value::t()]));
    let why = crate::end_of(&wire).await;
    assert!(matches!(why, wire::WireError::PeerClosed { .. }), "{why}");
}

/// Gives each of its reads up once, and reads again.
#[remote_fn(raw)]
async fn hesitate(input: &mut RawInput<'_>) -> Result<(String, Value, i32), RawError> {
    async fn given_up<T>(read: impl Future<Output = T>) {
        let soon = std::time::Duration::from_millis(1);
        assert!(tokio::time::timeout(soon, read).await.is_err(), "not all of it is there");
    }
    given_up(input.string()).await;
    let text = input.string().await?;
    given_up(input.object::<Value>()).await;
    assert!(matches!(input.number().await, Err(RawError::WithinObject)));
    assert!(input.listen().await.is_ok());
    let object = input.object::<Value>().await?;
    given_up(input.number()).await;
    Ok((text, object, input.number().await?))
}

#[tokio::test(start_paused = true)]
async fn a_read_that_is_given_up_has_read_nothing() {
    let (_wire, mut peer) = over(Wire::builder().functions(functions![hesitate])).await;
    peer.send(&[ask(1, 3), call("HESITATE", &[]), b"\0\0\0\x04te".to_vec()].concat()).await;
    let pause = || tokio::time::sleep(std::time::Duration::from_millis(10));
    pause().await;
    let list = cons(&save(0, &symbol("A", "P")), &cons(&lookup(0), &symbol("NIL", "COMMON-LISP")));
    let (first, rest) = list.split_at(20);
    peer.send(&[b"xt", first].concat()).await;
    pause().await;
    peer.send(&[rest, &[0, 0]].concat()).await;
    pause().await;
    peer.send(&[0, 7]).await;
    let Said::Return(_, values) = peer.answer(1).await else { panic!("it returns") };
    let list = Value::read("(p::a p::a)").unwrap();
    assert_eq!(values, [Value::from("text"), list, Value::from(7)]);
}

/// Keeps the first object, and drops the second.
#[remote_fn(raw)]
async fn keep_one(
    input: &mut RawInput<'_>,
    kept: &std::sync::Mutex<Option<Remote>>,
) -> Result<bool, RawError> {
    let object = input.object::<Remote>().await?;
    let again = input.object::<Remote>().await?;
    input.object::<Remote>().await?;
    let same = object == again;
    *kept.lock().unwrap() = Some(object);
    Ok(same)
}

#[tokio::test]
async fn remote_objects_in_data_are_held_and_released() {
    let kept = Arc::new(std::sync::Mutex::new(None::<Remote>));
    let functions = functions![keep_one].state(Arc::clone(&kept));
    let (wire, mut peer) = extended(Wire::builder().functions(functions)).await;
    let token = |id| write(|out| out.token(crate::raw::token(id)));
    let data = [token(5), token(5), token(6)].concat();
    peer.send(&[compact(1, 1, "KEEP-ONE", &[]), data].concat()).await;
    let mut said = [peer.said().await, peer.said().await];
    said.sort_by_key(|said| matches!(said, Said::Return(..)));
    assert_eq!(said[0], Said::Release(6, 1));
    assert_eq!(said[1], Said::Return(1, vec![Value::t()]));
    assert_eq!(wire.imported_objects(), [crate::raw::token(5)]);
    kept.lock().unwrap().take();
    assert_eq!(peer.said().await, Said::Release(5, 2));
}

#[test]
fn infos_say_that_a_function_reads_untagged_data() {
    let infos = functions![crate::read, crate::add].infos();
    assert_eq!((&*infos[0].kind, &*infos[1].kind), ("raw", "plain"));
    assert_eq!(infos[0].to_string(), "(READ items: Vec<String>) -> Result<Vec<Value>, RawError>");
}
