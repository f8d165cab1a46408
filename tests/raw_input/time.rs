//! Silence and stalls while a function holds the input. Time here is not real: it passes when
//! nothing else can happen.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use wire::{
    Limits, RawError, RawInput, RawOutput, Symbol, Wire, WireError, functions, remote_fn,
    remote_value,
};

use crate::raw::{Said, compact, extended};
use crate::{Door, builder, end_of, with_door, within};

fn hasty() -> Limits {
    Limits::default().stall(Duration::from_secs(3))
}

/// Reads two numbers, and works for a hundred seconds before each.
#[remote_fn(raw)]
async fn work_and_read(input: &mut RawInput<'_>) -> Result<i32, RawError> {
    let mut sum = 0;
    for _ in 0..2 {
        sleep(Duration::from_secs(100)).await;
        sum += input.number().await?;
    }
    Ok(sum)
}

#[tokio::test(start_paused = true)]
async fn data_that_a_function_waits_for_may_not_stall() {
    let (wire, mut peer) = extended(builder().limits(hasty())).await;
    peer.send(&compact(1, 1, "READ", &[&["number", "number"]])).await;
    for octet in [0, 0, 0, 1, 0, 0] {
        sleep(Duration::from_secs(2)).await;
        assert!(wire.is_open(), "as long as some of it comes, time does not count");
        peer.send(&[octet]).await;
    }
    let why = end_of(&wire).await;
    assert!(matches!(why, WireError::StalledReading { .. }), "{why}");
    assert!(why.to_string().contains("the data behind a call"), "{why}");
}

#[tokio::test(start_paused = true)]
async fn while_a_function_does_not_ask_the_peer_is_not_late() {
    let functions = functions![work_and_read];
    let (wire, mut peer) = extended(Wire::builder().functions(functions).limits(hasty())).await;
    peer.send(&compact(1, 1, "WORK-AND-READ", &[])).await;
    sleep(Duration::from_secs(101)).await;
    assert!(wire.is_open(), "it asks for the first time just now");
    peer.send(&[0, 0, 0, 1]).await;
    sleep(Duration::from_secs(101)).await;
    peer.send(&[0, 0, 0, 2]).await;
    assert_eq!(peer.answer(1).await, Said::Return(1, vec![wire::Value::from(3)]));
}

/// Gives up waiting, and then takes its time.
#[remote_fn(raw)]
async fn give_up_and_work(input: &mut RawInput<'_>) -> Result<i32, RawError> {
    let soon = Duration::from_secs(1);
    assert!(tokio::time::timeout(soon, input.number()).await.is_err());
    sleep(Duration::from_secs(100)).await;
    input.number().await
}

#[tokio::test(start_paused = true)]
async fn what_is_not_asked_for_any_more_does_not_stall() {
    let functions = functions![give_up_and_work];
    let (_wire, mut peer) = extended(Wire::builder().functions(functions).limits(hasty())).await;
    peer.send(&compact(1, 1, "GIVE-UP-AND-WORK", &[])).await;
    sleep(Duration::from_secs(102)).await;
    peer.send(&[0, 0, 0, 1]).await;
    assert_eq!(peer.answer(1).await, Said::Return(1, vec![wire::Value::from(1)]));
}

/// Looks whether something has come every second, for a long time.
#[remote_fn(raw)]
async fn look_often(input: &mut RawInput<'_>) -> Result<i32, RawError> {
    while !input.listen().await? {
        sleep(Duration::from_secs(1)).await;
    }
    input.number().await
}

#[tokio::test(start_paused = true)]
async fn who_only_listens_may_do_so_for_ever() {
    let functions = functions![look_often];
    let (_wire, mut peer) = extended(Wire::builder().functions(functions).limits(hasty())).await;
    peer.send(&compact(1, 1, "LOOK-OFTEN", &[])).await;
    sleep(Duration::from_secs(1000)).await;
    peer.send(&[0, 0, 0, 1]).await;
    assert_eq!(peer.answer(1).await, Said::Return(1, vec![wire::Value::from(1)]));
}

#[tokio::test(start_paused = true)]
async fn a_peer_is_told_every_second_that_a_wire_lives_whose_input_is_held() {
    let door = Arc::new(Door::default());
    let (idle, dead) = (Duration::from_secs(4), Duration::from_secs(12));
    let (wire, mut peer) = extended(with_door(&door).keepalive(idle, dead)).await;
    let ping = [27, 0, 0, 0, 5];
    peer.send(&[compact(1, 1, "WAIT-AND-READ", &[]), vec![0, 0, 0, 9], ping.into()].concat()).await;
    within(door.reached.notified()).await;
    let at = tokio::time::Instant::now();
    for second in 1..100 {
        assert_eq!(peer.said().await, Said::Pong(0));
        assert_eq!(at.elapsed().as_secs(), second);
    }
    // It asked nothing meanwhile, and has not taken the peer for dead.
    assert!(wire.is_open());
    door.opened.notify_one();
    let mut said = [peer.said().await, peer.said().await];
    said.sort_by_key(|said| matches!(said, Said::Pong(_)));
    let number = wire::Value::from(9);
    assert_eq!(said, [Said::Return(1, vec![number]), Said::Pong(5)], "then the ping is answered");
    assert_eq!(peer.said().await, Said::Ping(0), "and silence is met as ever");
    assert!(at.elapsed() >= Duration::from_secs(103));
}

#[tokio::test(start_paused = true)]
async fn two_wires_of_this_library_outlive_a_long_hold() {
    let door = Arc::new(Door::default());
    let there = with_door(&door).keepalive(Duration::from_secs(2), Duration::from_secs(6));
    let here = builder().keepalive(Duration::from_secs(2), Duration::from_secs(6));
    let (here, _there) = here.pair(there).unwrap();
    let mut data = RawOutput::new();
    data.number(7);
    let reading = here.call_with::<i32>(&Symbol::read("wait-and-read").unwrap(), &[], &data);
    here.force_output().await.unwrap();
    sleep(Duration::from_secs(1000)).await;
    door.opened.notify_one();
    assert_eq!(within(reading.value()).await.unwrap(), 7);
    sleep(Duration::from_secs(1000)).await;
    assert_eq!(remote_value!(here, add(1, 2) -> i64).value().await.unwrap(), 3);
}
