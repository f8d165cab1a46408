//! What fails and what works while a function holds the input, and once it has given it back.

use std::sync::Arc;

use wire::{
    CallError, Ran, RawError, RawInput, RawOutput, Symbol, Wire, functions, remote, remote_fn,
    remote_value, remote_value_bind,
};

use crate::raw::{Said, ask, call, compact, extended, over, protocol};
use crate::{Door, builder, with_door, within};

fn name(name: &str) -> Symbol {
    Symbol::read(name).unwrap()
}

/// The error says who holds the input, and that the call was not made.
fn assert_held(error: &CallError, by: &str) {
    assert!(matches!(error, CallError::InputHeld { .. }), "{error}");
    assert_eq!(error.ran(), Ran::No);
    assert!(error.to_string().contains(&format!("{by} holds the wire's input")), "{error}");
}

#[tokio::test]
async fn calls_that_want_values_fail_at_once_while_the_input_is_held() {
    let (door, own_door) = (Arc::new(Door::default()), Arc::new(Door::default()));
    let (here, there) = with_door(&own_door).pair(with_door(&door)).unwrap();
    let before = remote_value!(there, open() -> i64);
    there.force_output().await.unwrap();
    within(own_door.reached.notified()).await;
    let mut data = RawOutput::new();
    data.number(7);
    let reading = here.call_with::<i32>(&name("wait-and-read"), &[], &data);
    here.force_output().await.unwrap();
    within(door.reached.notified()).await;

    let handle = there.timeout(std::time::Duration::from_secs(100));
    let error = within(remote_value!(handle, add(1, 2) -> i64)).await.unwrap_err();
    assert_held(&error, "WAIT-AND-READ");
    let error = within(there.sync()).await.unwrap_err();
    assert_held(&error, "WAIT-AND-READ");
    assert_held(&within(there.functions()).await.unwrap_err(), "WAIT-AND-READ");
    let bound = async { remote_value_bind!(there, (a: i64) = add(1, 2), a) };
    assert_held(&within(bound).await.unwrap_err(), "WAIT-AND-READ");
    assert_eq!(there.stats().calls_in_flight, 1, "what waited before, waits");

    // For their effect, calls go out, and are run: the other end decodes as ever.
    let received = here.stats().calls_received;
    remote!(there, add(3, 4)).unwrap();
    within(there.force_output()).await.unwrap();
    while here.stats().calls_received == received {
        tokio::task::yield_now().await;
    }

    own_door.opened.notify_one();
    door.opened.notify_one();
    assert_eq!(within(reading.value()).await.unwrap(), 7);
    assert_eq!(within(before.value()).await.unwrap(), 7);
    assert_eq!(within(remote_value!(there, add(1, 2) -> i64).value()).await.unwrap(), 3);
    within(there.sync()).await.unwrap();
}

#[tokio::test]
async fn an_answer_that_was_waited_for_before_comes_after_the_data() {
    let (wire, mut peer) = over(builder().classic()).await;
    let waiting = tokio::spawn(remote_value!(wire, f() -> i64).value());
    let Said::Ask(token) = peer.said().await else { panic!("a call was made") };
    let answer = protocol("RETURN-1-VALUE", token, &[&5]);
    let data = b"\0\0\0\x07".to_vec();
    peer.send(&[ask(1, 1), call("READ", &[&["number"]]), data, answer].concat()).await;
    assert_eq!(within(waiting).await.unwrap().unwrap(), 5);
}

/// Reads a number, gives the input back, and has its caller add to it.
#[remote_fn(raw)]
async fn read_and_ask(
    input: &mut RawInput<'_>,
    wire: &Wire,
    to_add: i64,
) -> Result<i64, Box<dyn std::error::Error + Send + Sync>> {
    let number = i64::from(input.number().await?);
    let early = remote_value!(wire, add(number, to_add) -> i64).value().await.unwrap_err();
    assert_held(&early, "READ-AND-ASK");
    assert!(!input.is_finished());
    input.finish();
    assert!(input.is_finished());
    assert!(matches!(input.byte().await, Err(RawError::Finished)));
    assert!(matches!(input.listen().await, Err(RawError::Finished)));
    input.finish();
    Ok(remote_value!(wire, add(number, to_add) -> i64).value().await?)
}

#[tokio::test]
async fn with_the_input_given_back_a_function_calls_its_caller() {
    for classic in [false, true] {
        let there = Wire::builder().functions(functions![read_and_ask]);
        let here = if classic { builder().classic() } else { builder() };
        let (here, _there) = here.pair(there).unwrap();
        let mut calls = Vec::new();
        for number in 0..20 {
            let mut data = RawOutput::new();
            data.number(number);
            calls.push(here.call_with::<i64>(&name("read-and-ask"), &[&100], &data));
        }
        for (number, call) in calls.into_iter().enumerate() {
            assert_eq!(within(call.value()).await.unwrap(), 100 + number as i64);
        }
    }
}

/// Unwinds after it has given the input back.
#[remote_fn(raw)]
async fn read_and_fail(input: &mut RawInput<'_>, how: String) -> Result<i64, String> {
    input.number().await.map_err(|error| error.to_string())?;
    input.finish();
    match &*how {
        "panic" => panic!("after all was read"),
        "wait" => std::future::pending().await,
        _ => Err("after all was read".to_owned()),
    }
}

#[tokio::test]
async fn an_unwinding_with_the_input_given_back_is_like_any_other() {
    let functions = functions![read_and_fail, crate::add];
    let (wire, mut peer) = extended(Wire::builder().functions(functions)).await;
    for (id, how) in [(1, "panic"), (2, "error")] {
        let data = b"\0\0\0\x07".to_vec();
        peer.send(&[compact(1, id, "READ-AND-FAIL", &[&how]), data].concat()).await;
        assert_eq!(peer.reason(id).await.message(), "after all was read");
    }
    let data = b"\0\0\0\x07".to_vec();
    peer.send(&[compact(1, 3, "READ-AND-FAIL", &[&"wait"]), data].concat()).await;
    peer.check_alive(4).await;
    peer.send(&[26, 3]).await; // cancel
    assert!(peer.reason(3).await.is("CANCELLED"));
    peer.check_alive(5).await;
    assert!(wire.is_open());
}

#[tokio::test]
async fn calls_of_such_functions_follow_each_other_in_one_write() {
    let (_wire, mut peer) = extended(builder()).await;
    let one = |id: u8| {
        [compact(1, id.into(), "READ", &[&["byte"]]), vec![id], compact(1, 100, "ADD", &[&1, &2])]
            .concat()
    };
    let all: Vec<u8> = (1..=50).flat_map(one).collect();
    peer.send(&all).await;
    for id in 1..=50 {
        let value = wire::Value::list([wire::Value::from(id)]);
        assert_eq!(peer.answer(id).await, Said::Return(id, vec![value]));
        assert!(matches!(peer.answer(100).await, Said::Return(..)));
    }
}

#[tokio::test]
async fn nothing_behind_the_data_starts_before_the_input_is_given_back() {
    let door = Arc::new(Door::default());
    let (wire, mut peer) = extended(with_door(&door)).await;
    let data = b"\0\0\0\x07".to_vec();
    let calls = [compact(1, 1, "WAIT-AND-READ", &[]), data, compact(1, 2, "ADD", &[&1, &2])];
    peer.send(&calls.concat()).await;
    within(door.reached.notified()).await;
    assert_eq!((wire.stats().calls_received, wire.stats().calls_running), (1, 1));
    door.opened.notify_one();
    assert!(matches!(peer.answer(1).await, Said::Return(..)));
    assert!(matches!(peer.answer(2).await, Said::Return(..)));
}

#[tokio::test]
async fn a_wire_is_closed_in_good_order_around_a_function_that_reads() {
    let door = Arc::new(Door::default());
    let (wire, mut peer) = extended(with_door(&door)).await;
    peer.send(&compact(1, 1, "WAIT-AND-READ", &[])).await;
    within(door.reached.notified()).await;
    let closed = wire.close();
    door.opened.notify_one();
    assert_eq!(peer.said().await, Said::Goodbye);
    peer.send(b"\0\0\0\x07").await;
    assert_eq!(peer.answer(1).await, Said::Return(1, vec![wire::Value::from(7)]));
    drop(peer);
    assert!(matches!(within(closed).await, wire::WireError::Closed));
}
