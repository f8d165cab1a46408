//! Answers that are refused: whoever waits for one is told, and nobody else.

use tokio::time::timeout;
use wire::codec::Name;
use wire::{CallError, Limits, Ran, ToWire, Value, remote_value};

use crate::limited;
use crate::raw::{
    PATIENCE, RawPeer, Said, USER, call, compact, extended, over, protocol, token, write,
};

/// An answer that nests deeper than the wire reads.
fn too_deep() -> Value {
    (0..20).fold(Value::Nil, |inner, _| Value::list([inner]))
}

fn shallow() -> Limits {
    Limits::default().depth(8)
}

async fn told_so(pending: impl Future<Output = Result<Value, CallError>>) {
    let error = pending.await.unwrap_err();
    assert_eq!(error.ran(), Ran::Yes);
    let CallError::Unwound(reason) = error else { panic!("{error}") };
    assert!(reason.is("REFUSED") && reason.message().contains("Limits::depth"), "{reason}");
}

async fn asked(peer: &mut RawPeer<tokio::io::DuplexStream>) -> wire::Token {
    let Said::Ask(token) = peer.said().await else { panic!("a call was made") };
    assert!(matches!(peer.said().await, Said::Call(..)));
    token
}

#[tokio::test]
async fn a_classic_answer_that_is_refused_ends_its_wait() {
    let (wire, mut peer) = over(limited(shallow()).classic()).await;
    let first = remote_value!(wire, f() -> Value).value();
    let second = remote_value!(wire, g() -> Value).value();
    drop(wire.force_output());
    let (one, two) = (asked(&mut peer).await, asked(&mut peer).await);
    peer.send(&protocol("RETURN-1-VALUE", one, &[&too_deep()])).await;
    told_so(first).await;
    peer.send(&protocol("RETURN-1-VALUE", two, &[&5])).await;
    assert_eq!(second.await.unwrap(), Value::from(5));
    assert_eq!(wire.stats().objects_refused, 1);
}

#[tokio::test]
async fn an_extended_answer_that_is_refused_ends_its_wait() {
    for unwinds in [false, true] {
        let (wire, mut peer) = extended(limited(shallow())).await;
        let pending = remote_value!(wire, f() -> Value).value();
        drop(wire.force_output());
        let Said::Compact(1, id, _) = peer.said().await else { panic!("a call was made") };
        let answer = write(|out| {
            if unwinds {
                out.unwound(id)?;
            } else {
                out.return_(id, 1)?;
            }
            too_deep().to_wire(out)
        });
        peer.send(&answer).await;
        told_so(pending).await;
        peer.check_alive(1).await;
    }
}

/// What may stand at top level only is not the form that a `DO` is about.
#[tokio::test]
async fn a_refused_object_of_the_extended_dialect_leaves_the_form_due() {
    let (_wire, mut peer) = extended(limited(shallow())).await;
    let ask = protocol("DO-1-VALUE-CALL", token(1), &[]);
    peer.send(&[ask, compact(1, 2, "ECHO", &[&too_deep()])].concat()).await;
    assert!(peer.reason(2).await.is("REFUSED"));
    peer.send(&call("ADD", &[&20, &22])).await;
    let Said::Return(1, values) = peer.answer(1).await else { panic!("ADD returns") };
    assert_eq!(values, [Value::from(42)]);
}

/// A refused answer where a value was asked for has the value of any answer.
#[tokio::test]
async fn a_refused_answer_in_the_forms_place_is_nil() {
    let (wire, mut peer) = over(limited(shallow()).classic()).await;
    let pending = remote_value!(wire, f() -> Value).value();
    drop(wire.force_output());
    let asked = asked(&mut peer).await;
    let answer = protocol("RETURN-1-VALUE", asked, &[&too_deep()]);
    peer.send(&[protocol("DO-1-VALUE-CALL", token(7), &[]), answer].concat()).await;
    told_so(pending).await;
    assert_eq!(peer.answer(7).await, Said::Return(7, vec![Value::Nil]));
    peer.check_alive(8).await;
}

/// A CMUCL that could not send an argument leaves the call begun, and its next answer is in the
/// argument's place.
#[tokio::test]
async fn an_answer_among_the_arguments_of_a_call_wakes_whoever_waits() {
    let (wire, mut peer) = over(limited(Limits::default()).classic()).await;
    let pending = tokio::spawn(remote_value!(wire, f() -> Value).value());
    let asked = asked(&mut peer).await;
    let begun = write(|out| out.funcall(Name::Dynamic { name: "ADD", package: USER }, 2));
    let answer = protocol("RETURN-1-VALUE", asked, &[&5]);
    peer.send(&[begun, answer, write(|out| out.integer(1))].concat()).await;
    let value = timeout(PATIENCE, pending).await.expect("it is woken");
    assert_eq!(value.unwrap().unwrap(), Value::from(5));
    peer.check_alive(1).await;
}
