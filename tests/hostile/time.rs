//! Peers that leave things unfinished, or say nothing. Time here is not real: it passes when
//! nothing else can happen.

use std::time::Duration;

use tokio::time::{Instant, timeout};
use wire::{Limits, Value, Wire, WireError, remote, remote_value};

use crate::raw::{Said, ask, call_head, extended, over, over_pipe, protocol};
use crate::{builder, end_of, limited, pause_for};

fn hasty() -> Limits {
    Limits::default().stall(Duration::from_secs(3))
}

#[tokio::test(start_paused = true)]
async fn an_object_that_is_left_unfinished_ends_the_wire() {
    let (wire, mut peer) = over(limited(hasty())).await;
    let half = [ask(1, 1), call_head("ADD", 2)].concat();
    // As long as something of it comes, time does not count.
    for octet in half {
        peer.send(&[octet]).await;
        pause_for(Duration::from_secs(2)).await;
        assert!(wire.is_open());
    }
    let why = end_of(&wire).await;
    assert!(matches!(why, WireError::StalledReading { .. }), "{why}");
    assert!(why.to_string().contains("`Limits::stall`"), "{why}");
    assert_eq!(wire.stats().calls_received, 0, "half a call is none");
}

#[tokio::test(start_paused = true)]
async fn output_that_is_not_taken_ends_the_wire() {
    let (wire, mut peer) = over_pipe(limited(hasty()).classic(), 100).await;
    remote!(wire, note("x".repeat(1000))).unwrap();
    drop(wire.force_output());
    for _ in 0..3 {
        pause_for(Duration::from_secs(2)).await;
        assert!(wire.is_open(), "as long as it takes some, time does not count");
        let mut some = [0; 50];
        tokio::io::AsyncReadExt::read_exact(&mut peer.stream, &mut some).await.unwrap();
    }
    let why = end_of(&wire).await;
    assert!(matches!(why, WireError::StalledWriting { .. }), "{why}");
    assert!(why.to_string().contains("`Limits::stall`"), "{why}");
}

#[tokio::test(start_paused = true)]
async fn a_silent_peer_without_anything_unfinished_may_be_silent() {
    let (wire, mut peer) = over(limited(hasty())).await;
    pause_for(Duration::from_secs(100_000)).await;
    peer.check_alive(1).await;
    assert!(wire.is_open());
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_answers_no_ping_is_dead() {
    let (idle, dead) = (Duration::from_secs(4), Duration::from_secs(12));
    let (wire, mut peer) = extended(builder().keepalive(idle, dead)).await;
    assert_eq!(peer.said().await, Said::Ping(0));
    peer.send(&[28, 0, 0, 0, 0]).await;
    assert_eq!(peer.said().await, Said::Ping(0), "it is asked again after the next silence");
    let why = end_of(&wire).await;
    assert!(matches!(why, WireError::Silent { after } if after == dead), "{why}");
}

#[tokio::test(start_paused = true)]
async fn a_classic_peer_is_never_pinged() {
    let (wire, mut peer) = over(builder().classic()).await;
    assert!(timeout(Duration::from_secs(100_000), peer.next()).await.is_err());
    assert!(wire.is_open());
}

#[tokio::test(start_paused = true)]
async fn a_silent_classic_peer_is_nudged_while_a_call_waits() {
    let (wire, mut peer) = over(builder().classic()).await;
    let pending = tokio::spawn(remote_value!(wire, f() -> i64).value());
    let Said::Ask(token) = peer.said().await else { panic!("a call was made") };
    assert!(matches!(peer.said().await, Said::Call(..)));
    let mut last = Instant::now();
    for millis in [50, 100, 200, 400, 800, 1600, 3200, 5000, 5000] {
        // A number first, for what it may have left unread; then questions, whose answers bring
        // out what it may have left unwritten.
        if millis > 50 {
            assert!(matches!(peer.said().await, Said::Ask(probe) if probe != token));
        }
        assert_eq!(peer.said().await, Said::Number(0));
        let waited = last.elapsed();
        let due = Duration::from_millis(millis);
        assert!(waited >= due && waited < due + Duration::from_millis(10), "{waited:?} {due:?}");
        last = Instant::now();
    }
    peer.send(&protocol("RETURN-1-VALUE", token, &[&5])).await;
    assert_eq!(pending.await.unwrap().unwrap(), 5);
    let silence = timeout(Duration::from_secs(1000), peer.next()).await;
    assert!(silence.is_err(), "nothing waits any more, and {silence:?} came");
}

#[tokio::test(start_paused = true)]
async fn a_classic_peer_is_asked_until_its_unfinished_answer_is_whole() {
    let (wire, mut peer) = over(builder().classic()).await;
    let pending = tokio::spawn(remote_value!(wire, f() -> Value).value());
    let Said::Ask(token) = peer.said().await else { panic!("a call was made") };
    assert!(matches!(peer.said().await, Said::Call(..)));
    // As an unmodified CMUCL that cannot send the element of a list: what it writes next stands in
    // the place of the element, and what comes then in that of the list's end. (An empty string is
    // five octets.)
    let whole = protocol("RETURN-1-VALUE", token, &[&""]);
    let mut begun = [&whole[..whole.len() - 5], &[13]].concat();
    assert_eq!(peer.said().await, Said::Number(0));
    for _ in 0..2 {
        assert!(!pending.is_finished());
        let Said::Ask(probe) = peer.said().await else { panic!("a question was due") };
        assert_eq!(peer.said().await, Said::Number(0));
        begun.extend(protocol("RETURN-1-VALUE", probe, &[&0]));
        peer.send(&std::mem::take(&mut begun)).await;
    }
    let error = pending.await.unwrap().unwrap_err();
    assert!(error.to_string().contains("the peer could not send the value"), "{error}");
    let silence = timeout(Duration::from_secs(1000), peer.next()).await;
    assert!(silence.is_err(), "nothing waits any more, and {silence:?} came");
}

#[tokio::test(start_paused = true)]
async fn a_classic_peer_is_nudged_after_an_abort_while_another_call_waits() {
    let (wire, mut peer) = over(builder().classic()).await;
    let first = remote_value!(wire, bail() -> i64);
    let second = tokio::spawn(remote_value!(wire, f() -> i64).value());
    let Said::Ask(one) = peer.said().await else { panic!("a call was made") };
    peer.said().await;
    let Said::Ask(other) = peer.said().await else { panic!("two calls were made") };
    peer.said().await;
    let at = Instant::now();
    peer.send(&protocol("REMOTE-RETURN-ABORT", one, &[])).await;
    assert_eq!(peer.said().await, Said::Number(0));
    assert_eq!(at.elapsed(), Duration::ZERO, "at once");
    assert_eq!(first.await.unwrap(), (None, true));
    peer.send(&protocol("REMOTE-RETURN-ABORT", other, &[])).await;
    second.await.unwrap().unwrap_err();
    let silence = timeout(Duration::from_secs(1000), peer.next()).await;
    assert!(silence.is_err(), "nothing waits any more, and {silence:?} came");
}

#[tokio::test(start_paused = true)]
async fn an_extended_peer_is_not_nudged() {
    let (wire, mut peer) = extended(builder().no_keepalive()).await;
    let _pending = tokio::spawn(remote_value!(wire, f() -> i64).value());
    assert!(matches!(peer.said().await, Said::Compact(..)));
    assert!(timeout(Duration::from_secs(1000), peer.next()).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_closed_wire_waits_for_its_answers_no_longer_than_its_grace() {
    let grace = Duration::from_secs(7);
    let (wire, mut peer) = extended(builder().close_grace(grace)).await;
    let pending = tokio::spawn(remote_value!(wire, f() -> i64).value());
    assert!(matches!(peer.said().await, Said::Compact(..)));
    let at = Instant::now();
    assert!(matches!(wire.close().await, WireError::Closed));
    assert!(at.elapsed() >= grace && at.elapsed() < 2 * grace);
    let error = pending.await.unwrap().unwrap_err();
    assert_eq!(error.ran(), wire::Ran::Maybe);
    assert_eq!(peer.drain().await, [Said::Goodbye]);
}

#[tokio::test(start_paused = true)]
async fn times_that_no_clock_can_tell_are_never_over() {
    let limits = Limits::default().stall(Duration::MAX);
    let there = limited(limits).keepalive(Duration::MAX, Duration::MAX).close_grace(Duration::MAX);
    let (here, _there) = Wire::builder().pair(there).unwrap();
    let patient = here.timeout(Duration::MAX);
    assert_eq!(remote_value!(patient, add(1, 2) -> i64).value().await.unwrap(), 3);
    pause_for(Duration::from_secs(10)).await;
    assert_eq!(remote_value!(patient, add(1, 2) -> i64).value().await.unwrap(), 3);
}
