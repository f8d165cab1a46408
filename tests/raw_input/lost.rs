//! Where nobody knows where the next object begins, the wire ends, and says why.

use std::sync::Arc;

use wire::{
    CallError, Functions, Limits, Ran, RawError, RawInput, RawOutput, Symbol, Wire, WireError,
    functions, remote, remote_fn, remote_value,
};

use crate::raw::{RawPeer, Said, ask, call, call_head, compact, extended, number, over};
use crate::{Door, builder, end_of, offered, with_door, within};

/// Unwinds before it has read anything.
#[remote_fn(raw)]
async fn bail(_input: &mut RawInput<'_>, how: String) -> Result<i64, String> {
    match &*how {
        "panic" => panic!("the ground is hot"),
        _ => Err("no room".to_owned()),
    }
}

struct Absent;

#[remote_fn(raw)]
async fn needs(input: &mut RawInput<'_>, _absent: &Absent) -> Result<u8, RawError> {
    input.byte().await
}

fn bailing() -> Functions {
    offered(&Arc::default()).merge(functions![bail])
}

/// What the peer is told in the goodbye.
async fn goodbye(peer: &mut RawPeer<tokio::io::DuplexStream>) {
    assert_eq!(peer.drain().await.last(), Some(&Said::Goodbye));
}

#[tokio::test]
async fn an_unwinding_with_the_input_in_hand_ends_the_wire() {
    for (how, condition, message) in
        [("panic", "PANIC", "the ground is hot"), ("error", "SIMPLE-ERROR", "no room")]
    {
        let (wire, mut peer) = extended(Wire::builder().functions(bailing())).await;
        let waiting = tokio::spawn(remote_value!(wire, f() -> i64).value());
        assert!(matches!(peer.said().await, Said::Compact(..)));
        peer.send(&compact(1, 1, "BAIL", &[&how])).await;
        let reason = peer.reason(1).await;
        assert_eq!((reason.is(condition), reason.message()), (true, message));
        let error = within(waiting).await.unwrap().unwrap_err();
        let CallError::Ended { why, ran, .. } = &error else { panic!("{error}") };
        assert_eq!(*ran, Ran::Maybe);
        assert!(matches!(why, WireError::RawUnwound { function, .. } if &**function == "BAIL"));
        let said = end_of(&wire).await.to_string();
        assert!(said.starts_with("BAIL unwound while it held the wire's input"), "{said}");
        assert!(said.ends_with(&format!("{condition}: {message}")), "{said}");
        goodbye(&mut peer).await;
    }
}

#[tokio::test]
async fn the_peer_is_told_why() {
    let (here, there) = builder().pair(Wire::builder().functions(bailing())).unwrap();
    let mut data = RawOutput::new();
    data.string("what nobody reads");
    let name = Symbol::read("bail").unwrap();
    let error = here.call_with::<i64>(&name, &[&"error"], &data).value().await.unwrap_err();
    assert!(
        matches!(&error, CallError::Unwound(reason) if reason.message() == "no room"),
        "{error}"
    );
    let why = end_of(&here).await;
    let WireError::PeerClosed { reason } = why else { panic!("{why}") };
    assert!(reason.starts_with("BAIL unwound while"), "{reason}");
    assert!(reason.ends_with("no room"), "{reason}");
    assert!(matches!(end_of(&there).await, WireError::RawUnwound { .. }));
}

#[tokio::test]
async fn reasons_that_are_withheld_are_not_in_the_goodbye_either() {
    let there = Wire::builder().functions(bailing().withhold_reasons());
    let (here, there) = builder().pair(there).unwrap();
    here.notify_with(&Symbol::read("bail").unwrap(), &[&"error"], &RawOutput::new()).unwrap();
    here.force_output().await.unwrap();
    let why = end_of(&here).await.to_string();
    assert!(why.contains("BAIL unwound while"), "{why}");
    assert!(!why.contains("no room"), "{why}");
    let why = end_of(&there).await.to_string();
    assert!(why.contains("no room"), "{why}");
}

#[tokio::test]
async fn a_classic_peer_gets_the_abort_before_the_end() {
    let (wire, mut peer) = over(Wire::builder().functions(bailing()).classic()).await;
    peer.send(&[ask(1, 1), call("BAIL", &[&"panic"])].concat()).await;
    assert_eq!(peer.drain().await, [Said::Abort(1)]);
    assert!(matches!(end_of(&wire).await, WireError::RawUnwound { .. }));
}

/// What is sent, and what is said of it.
async fn refused(octets: &[u8], said: &str) {
    let (wire, mut peer) = extended(Wire::builder().functions(bailing())).await;
    let running = remote_value!(wire, f() -> i64);
    wire.force_output().await.unwrap();
    // What follows is data, and would be a call that runs.
    peer.send(&[octets, &compact(1, 9, "ADD", &[&20, &22])].concat()).await;
    let why = end_of(&wire).await;
    let WireError::RawRefused { function, .. } = &why else { panic!("{why}") };
    assert_eq!(&**function, "READ");
    assert!(why.to_string().contains(said), "{why}");
    let error = running.value().await.unwrap_err();
    assert!(matches!(error, CallError::Ended { why: WireError::RawRefused { .. }, .. }), "{error}");
    let all = peer.drain().await;
    assert!(all.contains(&Said::Goodbye), "{all:?}");
    assert!(!all.iter().any(|said| matches!(said, Said::Return(..))), "{all:?}");
}

#[tokio::test]
async fn a_refused_call_ends_the_wire() {
    refused(&compact(1, 1, "READ", &[]), "READ takes 1 argument").await;
    refused(&compact(0, 0, "READ", &[&1, &2]), "READ takes 1 argument").await;
    refused(&compact(1, 1, "READ", &[&5]), "argument 1 (`items`) of READ").await;
    refused(&[ask(1, 1), call("READ", &[&5])].concat(), "argument 1 (`items`) of READ").await;
}

#[tokio::test]
async fn a_call_among_arguments_ends_the_wire() {
    let inner = [call_head("ADD", 2), call("READ", &[&["byte"]]), number(1)].concat();
    refused(&inner, "neither stand among the arguments").await;
    refused(&[ask(1, 1), inner].concat(), "neither stand among the arguments").await;
    let outer = [call_head("READ", 1), call("ADD", &[&1, &2])].concat();
    refused(&outer, "nor have calls among its own").await;
    let twice = [call_head("READ", 1), ask(7, 1)].concat();
    refused(&twice, "a call that wants values among the arguments").await;
}

#[tokio::test]
async fn an_object_that_is_skipped_ends_the_wire_if_it_calls_such_a_function() {
    let limits = Limits::default().object_weight(500);
    let (wire, mut peer) = extended(builder().limits(limits)).await;
    let large = "x".repeat(1000);
    peer.send(&[compact(1, 1, "ADD", &[&large, &1])].concat()).await;
    peer.reason(1).await;
    peer.check_alive(2).await;
    peer.send(&compact(1, 3, "READ", &[&large])).await;
    assert!(peer.reason(3).await.is("REFUSED"));
    let why = end_of(&wire).await;
    assert!(matches!(why, WireError::RawRefused { .. }), "{why}");
    assert!(why.to_string().contains("Limits::object_weight"), "{why}");
}

#[tokio::test]
async fn a_call_beyond_the_running_ones_ends_the_wire() {
    let door = Arc::new(Door::default());
    let limits = Limits::default().running_calls(1);
    let functions = offered(&door);
    let (wire, mut peer) = extended(Wire::builder().functions(functions).limits(limits)).await;
    peer.send(&compact(1, 1, "OPEN", &[])).await;
    within(door.reached.notified()).await;
    peer.send(&compact(1, 2, "READ", &[&["byte"]])).await;
    assert!(peer.reason(2).await.is("TOO-MANY-CALLS"));
    // The one that runs is answered before the wire is gone.
    door.opened.notify_one();
    assert!(matches!(peer.answer(1).await, Said::Return(..)));
    let why = end_of(&wire).await;
    assert!(matches!(why, WireError::RawRefused { .. }), "{why}");
}

#[tokio::test]
async fn a_state_that_is_gone_ends_the_wire() {
    let functions = functions![needs].wire_value::<Absent>();
    let (wire, mut peer) = extended(Wire::builder().functions(functions)).await;
    peer.send(&compact(1, 1, "NEEDS", &[])).await;
    assert!(peer.reason(1).await.is("MISSING-STATE"));
    assert!(matches!(end_of(&wire).await, WireError::RawRefused { .. }));
}

#[tokio::test]
async fn functions_that_still_run_are_answered_before_the_wire_ends() {
    let door = Arc::new(Door::default());
    let functions = functions![crate::open, bail].state(Arc::clone(&door));
    let (wire, mut peer) = extended(Wire::builder().functions(functions)).await;
    peer.send(&compact(1, 1, "OPEN", &[])).await;
    within(door.reached.notified()).await;
    peer.send(&compact(1, 2, "BAIL", &[&"error"])).await;
    peer.reason(2).await;
    assert!(!wire.is_open(), "no call can be answered any more");
    let error = remote!(wire, f()).unwrap_err();
    assert!(matches!(error, CallError::Ended { why: WireError::RawUnwound { .. }, .. }), "{error}");
    door.opened.notify_one();
    assert!(matches!(peer.answer(1).await, Said::Return(..)));
    assert!(matches!(end_of(&wire).await, WireError::RawUnwound { .. }));
}

#[tokio::test]
async fn an_aborted_wire_lets_a_function_that_waits_go_on() {
    let door = Arc::new(Door::default());
    let (wire, mut peer) = extended(with_door(&door)).await;
    peer.send(&compact(1, 1, "WAIT-AND-READ", &[])).await;
    within(door.reached.notified()).await;
    door.opened.notify_one();
    let shared = wire.clone();
    while shared.stats().octets_received == 0 {
        tokio::task::yield_now().await;
    }
    wire.abort("enough");
    assert!(matches!(end_of(&wire).await, WireError::Aborted { .. }));
    while wire.stats().calls_running > 0 {
        tokio::task::yield_now().await;
    }
}

#[test]
fn a_runtime_that_goes_with_the_function_tells_everybody() {
    let door = Arc::new(Door::default());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let wire = runtime.block_on(async {
        let (wire, mut peer) = extended(with_door(&door)).await;
        peer.send(&compact(1, 1, "WAIT-AND-READ", &[])).await;
        within(door.reached.notified()).await;
        wire
    });
    drop(runtime);
    let mut why = None;
    wire.on_death(|_| ());
    if let Err(CallError::Ended { why: ended, .. }) = remote!(wire, f()) {
        why = Some(ended);
    }
    assert!(matches!(why, Some(WireError::RuntimeGone)), "{why:?}");
}
