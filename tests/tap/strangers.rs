//! Peers who say what no wire of ours says, and what can still be told of it.

use tokio::io::AsyncReadExt;
use tokio::time::timeout;
use wire::{ToWire, Unwound};

use crate::raw::{self, PATIENCE, ask, call, compact, number, protocol, token};
use crate::strangers;

/// An answer of package WIRE to the call of that id.
fn answer(name: &str, id: u32, values: &[&dyn ToWire]) -> Vec<u8> {
    protocol(name, token(id), values)
}

/// What is shown of a conversation in which they say these in turn, who connected first and last.
async fn shown(turns: &[Vec<u8>]) -> Vec<String> {
    let (tap, mut left, mut right) = strangers(&[]).await;
    for (turn, octets) in turns.iter().enumerate() {
        let is_left = turn % 2 == 0;
        let (speaker, hearer) =
            if is_left { (&mut left, &mut right) } else { (&mut right, &mut left) };
        speaker.send(octets).await;
        let mut heard = vec![0; octets.len()];
        let all = timeout(PATIENCE, hearer.stream.read_exact(&mut heard)).await;
        all.expect("it comes").unwrap();
        assert!(heard == *octets, "turn {turn} was changed");
    }
    drop(left);
    let end = timeout(PATIENCE, right.stream.read_u8()).await.expect("it ends");
    assert!(end.is_err(), "there is more: {end:?}");
    drop(right);
    let mut shown = tap.shown(2).await;
    assert!(shown.remove(0).contains(" → "));
    shown
}

#[tokio::test]
async fn answers_find_their_calls_whatever_their_order() {
    let shown = shown(&[
        [ask(1, 1), call("A", &[&1]), ask(2, 3), call("B", &[]), ask(3, 6), call("C", &[])]
            .concat(),
        [
            answer("RETURN-1-VALUE", 3, &[&vec![1, 2, 3, 4, 5, 6]]),
            answer("RETURN-3-VALUES", 2, &[&7, &"x", &()]),
            answer("REMOTE-RETURN-ABORT", 1, &[]),
            answer("RETURN-1-VALUE", 1, &[&8]),
        ]
        .concat(),
    ])
    .await;
    let expected = [
        "1 → #1 (A 1)",
        "1 → #2 (B)  wants 3 values",
        "1 → #3 (C)  wants all values",
        "1 ← #3 (C) => 1, 2, 3, 4, 5, 6",
        "1 ← #2 (B) => 7, \"x\", NIL",
        "1 ← #1 (A 1) unwound",
        "1 ← #<remote 2130706433:77:1> => 8  answers no call that was seen",
    ];
    assert_eq!(shown[..7], expected);
}

#[tokio::test]
async fn what_a_cmucl_says_when_it_cannot_send_a_value() {
    // An answer without its value: the next answer stands in its place.
    let inner = answer("RETURN-1-VALUE", 2, &[&3]);
    let mut outer = answer("RETURN-1-VALUE", 1, &[&0]);
    outer.truncate(outer.len() - raw::write(|out| out.integer(0)).len());
    let calls = [ask(1, 1), call("SQRT", &[&2]), ask(2, 1), call("ADD", &[&1, &2])].concat();
    let shown = shown(&[calls, [outer, inner].concat()]).await;
    let expected = [
        "1 → #1 (SQRT 2)",
        "1 → #2 (ADD 1 2)",
        "1 ← #2 (ADD 1 2) => 3",
        "1 ← #1 (SQRT 2) unwound: a value could not be sent, the next answer came instead",
    ];
    assert_eq!(shown[..4], expected);
}

#[tokio::test]
async fn objects_that_call_nothing_are_told_from_values_that_were_asked_for() {
    let shown = shown(&[
        [number(0), ask(1, 1), number(7), raw::write(|out| out.string("hello")), raw::hello()]
            .concat(),
        answer("RETURN-1-VALUE", 1, &[&7]),
        [ask(2, 1), ask(3, 1), call("A", &[])].concat(),
    ])
    .await;
    let expected = [
        "1 → 0  is no call",
        "1 → #1 7",
        "1 → \"hello\"  is no call",
        "1 → hello: reads ops 15-29, objects of 67108864 octets and 128 levels; runs 1024 calls at \
         once; keeps 65536 objects, 4194304 octets of them",
        "1 ← #1 7 => 7",
        "1 → #2 (no call)",
        "1 → #3 (A)",
    ];
    assert_eq!(shown[..7], expected);
    for call in ["1 → #2 (no call): no answer was seen in ", "1 → #3 (A): no answer was seen in "]
    {
        assert!(shown.iter().any(|line| line.starts_with(call)), "{shown:#?}");
    }
}

#[tokio::test]
async fn the_signs_of_the_extended_dialect_are_shown() {
    let shown = shown(&[
        [
            compact(1, 5, "A", &[]),
            compact(0, 0, "B", &[&1]),
            raw::write(|out| out.ping(9)),
            raw::write(|out| out.cancel(5)),
            raw::write(|out| out.cancel(6)),
            raw::write(|out| out.release(3, 2)),
        ]
        .concat(),
        [
            raw::write(|out| out.pong(9)),
            raw::write(|out| {
                out.unwound(5)?;
                Unwound::new("CANCELLED", "as you wished").to_wire(out)
            }),
            raw::write(|out| out.return_(77, 0)),
            raw::write(|out| out.goodbye("that is all")),
        ]
        .concat(),
    ])
    .await;
    let expected = [
        "1 → #1 (A)",
        "1 → (B 1)  for effect",
        "1 → ping 9",
        "1 → cancels #1 (A)",
        "1 → cancels call 6",
        "1 → releases object 3, received 2 times",
        "1 ← pong 9",
        "1 ← #1 (A) unwound: CANCELLED: as you wished",
        "1 ← call 77 => no values  answers no call that was seen",
        "1 ← goodbye: \"that is all\"",
    ];
    assert_eq!(shown[..10], expected);
}

#[tokio::test]
async fn where_octets_stop_being_objects_is_told_once_and_the_other_side_is_read_on() {
    let untagged = b"\0\0\0\x0bhello world".to_vec();
    let first = [ask(1, 1), call("TAKE", &[&11])].concat();
    let at = first.len();
    let shown = shown(&[
        [first, untagged].concat(),
        answer("RETURN-1-VALUE", 1, &[&true]),
        call("NOTE", &[&1]),
        call("NOTE", &[&2]),
    ])
    .await;
    let expected = [
        "1 → #1 (TAKE 11)".to_owned(),
        format!(
            "1 → from octet {at} on there are no objects; all is passed on unread (lookup \
             of index 1751477356, where 0 objects were saved): 00 00 00 0b 68 65 6c 6c 6f 20 77 6f 72 6c 64 |\\x00\\x00\\x00\\x0bhello world|"
        ),
        "1 ← #1 (TAKE 11) => T".to_owned(),
        "1 ← (NOTE 2)  for effect".to_owned(),
    ];
    assert_eq!(shown[..4], expected);
    let unread = 15 + call("NOTE", &[&1]).len();
    let ended = format!("1 → ended, after {} octets, of which {unread} were not read", at + unread);
    assert_eq!(shown[4], ended);
}

#[tokio::test]
async fn what_is_no_wire_at_all_is_told_by_its_first_octets() {
    let tls = [&b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..], &[0x5a; 32]].concat();
    let shown = shown(&[tls, b"HTTP/1.1 400 Bad Request\r\n".to_vec()]).await;
    let expected = [
        "1 → from octet 0 on there are no objects; all is passed on unread (it looks like TLS): 16 \
         03 01 02 00 01 00 01 fc 03 03 5a 5a 5a 5a 5a \
         |\\x16\\x03\\x01\\x02\\x00\\x01\\x00\\x01\\xfc\\x03\\x03ZZZZZ|",
        "1 ← from octet 0 on there are no objects; all is passed on unread (the stream is not a wire, \
         it begins with \"HTTP/1.1 400 Bad\"): 48 54 54 50 2f 31 2e 31 20 34 30 30 20 42 61 64 \
         |HTTP/1.1 400 Bad|",
    ];
    assert_eq!(shown[..2], expected);
}

#[tokio::test]
async fn an_end_in_the_middle_of_an_object_is_told() {
    let mut cut = call("ADD", &[&1, &2]);
    cut.pop();
    let said = format!("1 → ended, after {} octets, in the middle of an object", cut.len());
    assert_eq!(shown(&[cut]).await[0], said);
}
