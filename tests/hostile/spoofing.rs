//! Answers and objects that are not the peer's to give or to use.

use std::sync::Arc;

use wire::codec::Name;
use wire::{Pending, Remote, Token, Wire, WireError, functions, remote, remote_fn, remote_value};

use crate::raw::{RawPeer, Said, ask, call, compact, extended, over, protocol, token, write};
use crate::{builder, end_of};

type Peer = RawPeer<tokio::io::DuplexStream>;

/// A classic wire with a call that waits, and the token of that.
async fn waiting() -> (Wire, Peer, tokio::task::JoinHandle<Result<i64, wire::CallError>>, Token) {
    let (wire, mut peer) = over(builder().classic()).await;
    let pending: Pending<i64> = remote_value!(wire, f() -> i64);
    let pending = tokio::spawn(pending.value());
    let Said::Ask(token) = peer.said().await else { panic!("a call was made") };
    peer.said().await;
    (wire, peer, pending, token)
}

/// The wire lives, and its own call gets its own answer.
async fn undisturbed(
    wire: &Wire,
    peer: &mut Peer,
    pending: tokio::task::JoinHandle<Result<i64, wire::CallError>>,
    token: Token,
) {
    peer.check_alive(900).await;
    assert_eq!(wire.stats().calls_in_flight, 1);
    peer.send(&protocol("RETURN-1-VALUE", token, &[&5])).await;
    assert_eq!(pending.await.unwrap().unwrap(), 5);
    assert!(wire.is_open());
}

#[tokio::test]
async fn an_answer_to_a_call_that_was_never_made_ends_the_wire_that_it_came_over() {
    let (other, other_peer, other_pending, other_token) = waiting().await;
    let object = Remote::new(Arc::new(1_u8)).token();
    for id in [1, 999, (1 << 30) - 1, object.id(), u32::MAX] {
        let lie = Token::new(other_token.host(), other_token.process(), id);
        for name in ["RETURN-1-VALUE", "REMOTE-RETURN-ABORT"] {
            let (wire, mut peer, pending, _) = waiting().await;
            peer.send(&protocol(name, lie, &[])).await;
            let why = end_of(&wire).await;
            assert!(matches!(why, WireError::FalseAnswer { id: named } if named == id), "{why}");
            assert!(matches!(pending.await.unwrap(), Err(wire::CallError::Ended { .. })));
        }
    }
    let mut other_peer = other_peer;
    undisturbed(&other, &mut other_peer, other_pending, other_token).await;
}

#[tokio::test]
async fn the_id_of_another_wires_call_is_none_of_this_wires() {
    let (other, mut other_peer, other_pending, first) = waiting().await;
    let second = tokio::spawn(remote_value!(other, g() -> i64).value());
    let Said::Ask(token) = other_peer.said().await else { panic!("a call was made") };
    let (wire, mut peer, _pending, _) = waiting().await;
    peer.send(&protocol("RETURN-1-VALUE", token, &[&666])).await;
    assert!(matches!(end_of(&wire).await, WireError::FalseAnswer { .. }));
    other_peer.send(&protocol("RETURN-1-VALUE", token, &[&6])).await;
    assert_eq!(second.await.unwrap().unwrap(), 6);
    assert!(matches!(other_peer.said().await, Said::Call(..)));
    undisturbed(&other, &mut other_peer, other_pending, first).await;
}

#[tokio::test]
async fn a_second_answer_finds_nobody() {
    let (wire, mut peer, pending, token) = waiting().await;
    let answer = protocol("RETURN-1-VALUE", token, &[&5]);
    peer.send(&answer).await;
    assert_eq!(pending.await.unwrap().unwrap(), 5);
    peer.send(&answer).await;
    peer.send(&protocol("REMOTE-RETURN-ABORT", token, &[])).await;
    peer.check_alive(1).await;
    assert!(wire.is_open());
}

#[tokio::test]
async fn an_answer_with_a_token_of_another_process_is_refused() {
    let (wire, mut peer, pending, token) = waiting().await;
    for foreign in [
        Token::new(!token.host(), token.process(), token.id()),
        Token::new(token.host(), token.process() ^ 1, token.id()),
    ] {
        for name in ["RETURN-1-VALUE", "RETURN-2-VALUES", "REMOTE-RETURN-ABORT"] {
            peer.send(&protocol(name, foreign, &[&666])).await;
            // In argument position.
            let inner = protocol(name, foreign, &[&666]);
            let mut nested = crate::raw::call_head("ECHO", 1);
            nested.extend_from_slice(&inner);
            peer.send(&nested).await;
        }
    }
    undisturbed(&wire, &mut peer, pending, token).await;
}

#[tokio::test]
async fn an_answer_of_the_wrong_arity_answers_with_what_there_is() {
    for (name, values, expected) in [
        ("RETURN-2-VALUES", &[&5 as &dyn wire::ToWire, &6][..], Ok(5)),
        ("RETURN-5-VALUES", &[&5], Ok(5)),
        ("RETURN-1-VALUE", &[], Err(())),
    ] {
        let (wire, mut peer, pending, token) = waiting().await;
        peer.send(&protocol(name, token, values)).await;
        assert_eq!(pending.await.unwrap().map_err(|_| ()), expected, "{name}");
        peer.check_alive(1).await;
        assert!(wire.is_open());
    }
}

#[tokio::test]
async fn an_answer_without_a_token_is_refused() {
    let (wire, mut peer, pending, token) = waiting().await;
    for name in ["RETURN-1-VALUE", "REMOTE-RETURN-ABORT", "DO-1-VALUE-CALL"] {
        let name = Name::Dynamic { name, package: "WIRE" };
        peer.send(&write(|out| out.funcall(name, 0))).await;
        peer.send(&write(|out| {
            out.funcall(name, 1)?;
            out.integer(0)
        }))
        .await;
    }
    undisturbed(&wire, &mut peer, pending, token).await;
    assert_eq!(wire.stats().objects_refused, 6);
}

#[tokio::test]
async fn compact_answers_to_calls_never_made_end_the_wire() {
    for object in [vec![23, 9, 0], [&[24, 9][..], &crate::raw::number(0)].concat()] {
        let (wire, mut peer) = extended(builder()).await;
        peer.send(&object).await;
        assert!(matches!(end_of(&wire).await, WireError::FalseAnswer { id: 9 }));
    }
}

#[tokio::test]
async fn a_reason_that_is_none_still_unwinds() {
    let (wire, mut peer) = extended(builder()).await;
    let pending = tokio::spawn(remote_value!(wire, f() -> i64).value());
    let Said::Compact(1, id, _) = peer.said().await else { panic!("a call was made") };
    peer.send(&[&[24, id as u8][..], &crate::raw::number(666)].concat()).await;
    let error = pending.await.unwrap().unwrap_err();
    assert!(matches!(error, wire::CallError::Unwound(_)), "{error}");
    peer.check_alive(1).await;
}

#[remote_fn]
fn text_of(object: Remote<String>) -> Result<String, wire::ObjectError> {
    Ok(object.value()?.as_str().to_owned())
}

fn objects() -> wire::Builder {
    builder().functions(crate::offered().merge(functions![text_of]))
}

#[tokio::test]
async fn an_object_given_to_one_wire_cannot_be_used_over_another() {
    let (given, mut given_peer) = extended(objects()).await;
    let (other, mut other_peer) = extended(objects()).await;
    let object = Remote::new(Arc::new(String::from("secret")));
    remote!(given, take(&object)).unwrap();
    given.force_output().await.unwrap();

    let asked = |id| {
        let name = Name::Dynamic { name: "TEXT-OF", package: crate::raw::USER };
        write(|out| {
            out.call(1, id, name, 1)?;
            out.token(object.token())
        })
    };
    given_peer.send(&asked(1)).await;
    assert!(matches!(given_peer.answer(1).await, Said::Return(..)));
    other_peer.send(&asked(2)).await;
    let reason = other_peer.reason(2).await;
    assert!(reason.message().contains("never given"), "{reason}");
    assert!(other.is_open());

    object.share();
    other_peer.send(&asked(3)).await;
    assert!(matches!(other_peer.answer(3).await, Said::Return(..)));

    object.forget();
    given_peer.send(&asked(4)).await;
    assert!(given_peer.reason(4).await.message().contains("forgotten"));
}

#[tokio::test]
async fn guessed_and_foreign_objects_cannot_be_used() {
    let (_wire, mut peer) = extended(objects()).await;
    let object = Remote::new(Arc::new(String::from("secret")));
    let near = object.token();
    let guesses = (0..50).map(|n| Token::new(near.host(), near.process(), near.id() ^ n));
    for (id, guess) in guesses.chain([token(near.id())]).enumerate() {
        let id = id as u32;
        let name = Name::Dynamic { name: "TEXT-OF", package: crate::raw::USER };
        peer.send(&write(|out| {
            out.call(1, id, name, 1)?;
            out.token(guess)
        }))
        .await;
        assert!(matches!(peer.answer(id).await, Said::Unwound(..)));
    }
}

#[tokio::test]
async fn a_release_of_what_was_never_held_does_nothing() {
    let (wire, mut peer) = extended(objects()).await;
    let object = Remote::new(Arc::new(String::from("kept")));
    let id = object.token().id().to_be_bytes();
    peer.send(&[&[25][..], &id, &[1]].concat()).await;
    peer.send(&[25, 0, 0, 0, 0, 1]).await;
    peer.check_alive(1).await;
    assert!(object.value().is_ok());
    remote!(wire, take(&object)).unwrap();
    // More often than it was sent.
    peer.send(&[&[25][..], &id, &[0xff, 0xff, 0xff, 0xff, 0x0f]].concat()).await;
    peer.check_alive(2).await;
    assert_eq!(wire.stats().objects_exported, 0);
    assert!(object.value().is_ok(), "our own handle keeps it");
}

#[tokio::test]
async fn cancelling_what_never_ran_does_nothing() {
    let (wire, mut peer) = extended(objects()).await;
    peer.send(&[26, 5]).await;
    peer.send(&compact(1, 5, "ADD", &[&1, &2])).await;
    assert!(matches!(peer.answer(5).await, Said::Return(..)));
    peer.send(&[26, 5]).await;
    peer.send(&[ask(6, 1), call("ADD", &[&1, &2])].concat()).await;
    assert!(matches!(peer.answer(6).await, Said::Return(..)));
    assert!(wire.is_open());
}
