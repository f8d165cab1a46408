//! Each limit is reached, is named, and costs nobody but the call that reached it.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::time::timeout;
use wire::{
    CallError, Limits, Ran, Remote, Value, Wire, functions, remote, remote_fn, remote_value,
};

use crate::raw::{
    PATIENCE, Said, ask, call, call_head, compact, cons, extended, hello_of, lookup, number, over,
    over_pipe, save, symbol,
};
use crate::{Door, add, builder, end_of, limited, offered, pause_for, wait_at};

/// Has a raw peer of either dialect send `object` as the argument of a call that wants a value. The
/// call must be refused for `setting`, and the wire go on.
async fn refused_argument(limits: Limits, object: &[u8], setting: &str) {
    let (wire, mut peer) = over(limited(limits.clone())).await;
    peer.send(&[ask(1, 1), call_head("ECHO", 1), object.to_vec()].concat()).await;
    assert_eq!(peer.answer(1).await, Said::Abort(1), "a classic peer gets the fact");
    peer.check_alive(2).await;
    assert_eq!(wire.stats().objects_refused, 1);
    assert!(wire.is_open());

    let (wire, mut peer) = extended(limited(limits)).await;
    let head = compact(1, 1, "ECHO", &[&()]);
    let nil = symbol("NIL", "COMMON-LISP");
    let head = head.strip_suffix(&nil[..]).unwrap();
    peer.send(&[head, object].concat()).await;
    let reason = peer.reason(1).await;
    assert!(reason.is("REFUSED") && reason.message().contains(setting), "{reason}");
    assert_eq!(reason.ran(), Ran::No);
    peer.check_alive(2).await;
    assert!(wire.is_open());
}

fn string(length: usize) -> Vec<u8> {
    [&[8][..], &(length as u32).to_be_bytes(), &vec![b'x'; length]].concat()
}

#[tokio::test]
async fn an_object_above_its_weight_is_refused() {
    let limits = Limits::default().object_weight(1000);
    refused_argument(limits, &string(2000), "Limits::object_weight").await;
}

#[tokio::test]
async fn an_object_above_its_weight_is_refused_by_an_honest_sender() {
    let limits = Limits::default().object_weight(1000);
    let (here, _there) = Wire::builder().pair(limited(limits)).unwrap();
    let error = remote_value!(here, echo("x".repeat(2000)) -> String).value().await.unwrap_err();
    assert!(error.to_string().contains("1000"), "{error}");
    assert!(matches!(error, CallError::Unsendable { argument: Some(0), .. }), "{error}");
    assert_eq!(error.ran(), Ran::No);
    assert_eq!(remote_value!(here, add(1, 2) -> i64).value().await.unwrap(), 3);
}

#[tokio::test]
async fn an_object_that_nests_too_deep_is_refused() {
    let nil = symbol("NIL", "COMMON-LISP");
    let deep = (0..20).fold(nil.clone(), |inner, _| cons(&inner, &nil));
    refused_argument(Limits::default().depth(10), &deep, "Limits::depth").await;
}

#[tokio::test]
async fn a_symbol_with_too_long_a_name_is_refused() {
    let limits = Limits::default().symbol_length(100);
    let long = "A".repeat(101);
    refused_argument(limits.clone(), &symbol(&long, "P"), "Limits::symbol_length").await;
    refused_argument(limits, &symbol("P", &long), "Limits::symbol_length").await;
}

#[tokio::test]
async fn what_is_saved_past_the_cache_is_refused_when_it_is_looked_up() {
    let limits = Limits::default().cache_entries(2);
    let (wire, mut peer) = over(limited(limits)).await;
    for index in 0..3 {
        // Saving is no offence: an honest CMUCL saves every symbol for ever.
        peer.send(&[ask(index, 1), call_head("ECHO", 1), save(index, &number(7))].concat()).await;
        assert!(matches!(peer.answer(index).await, Said::Return(..)));
    }
    peer.send(&[ask(5, 1), call_head("ECHO", 1), lookup(1)].concat()).await;
    assert_eq!(peer.answer(5).await, Said::Return(5, vec![Value::from(7)]));
    peer.send(&[ask(6, 1), call_head("ECHO", 1), lookup(2)].concat()).await;
    assert_eq!(peer.answer(6).await, Said::Abort(6));
    peer.check_alive(7).await;
    assert!(wire.is_open());
}

#[tokio::test]
async fn what_is_saved_past_the_octets_of_the_cache_is_refused_when_it_is_looked_up() {
    let limits = Limits::default().cache_bytes(50);
    let (_wire, mut peer) = extended(limited(limits)).await;
    peer.send(&[call_head("ECHO", 1), save(0, &string(40))].concat()).await;
    peer.send(&[call_head("ECHO", 1), save(1, &string(40))].concat()).await;
    peer.send(&[ask(1, 1), call_head("LENGTH-OF", 1), lookup(0)].concat()).await;
    assert_eq!(peer.answer(1).await, Said::Return(1, vec![Value::from(40)]));
    let head = compact(1, 2, "LENGTH-OF", &[&0]);
    let head = head.strip_suffix(&[19, 0]).unwrap();
    peer.send(&[head, &lookup(1)].concat()).await;
    let reason = peer.reason(2).await;
    assert!(reason.message().contains("Limits::cache_bytes"), "{reason}");
    peer.check_alive(3).await;
}

#[tokio::test]
async fn our_sender_saves_no_more_than_its_peer_keeps() {
    for limits in [Limits::default().cache_entries(3), Limits::default().cache_bytes(100)] {
        let (here, _there) = Wire::builder().pair(limited(limits)).unwrap();
        for round in 0..3 {
            for name in ["A", "B", "C", "D", "E", "F"] {
                let symbol = wire::Symbol::new(name, "P");
                let back = remote_value!(here, echo(&symbol) -> wire::Symbol).value().await;
                assert_eq!(back.unwrap(), symbol, "round {round}");
            }
        }
    }
}

#[tokio::test]
async fn calls_beyond_those_that_may_run_unwind() {
    let door = Arc::new(Door::default());
    let functions = functions![wait_at, add].state(Arc::clone(&door));
    let there = Wire::builder().functions(functions).limits(Limits::default().running_calls(2));
    let (here, there) = Wire::builder().pair(there).unwrap();
    let first = remote_value!(here, wait_at() -> i64);
    let second = remote_value!(here, wait_at() -> i64);
    let error = remote_value!(here, wait_at() -> i64).value().await.unwrap_err();
    let CallError::Unwound(reason) = &error else { panic!("{error}") };
    assert!(reason.is("TOO-MANY-CALLS"), "{error}");
    assert!(reason.message().contains("`Limits::running_calls`"), "{error}");
    assert_eq!(error.ran(), Ran::No);
    assert_eq!(there.stats().calls_running, 2);
    assert_eq!(remote_value!(here, add(1, 2) -> i64).value().await.unwrap(), 3, "plain ones run");
    door.0.notify_waiters();
    assert_eq!(first.value().await.unwrap(), 7);
    assert_eq!(second.value().await.unwrap(), 7);
    door.0.notify_one();
    assert_eq!(remote_value!(here, wait_at() -> i64).value().await.unwrap(), 7, "there is room");
}

#[tokio::test]
async fn calls_beyond_those_that_may_wait_fail_unsent() {
    let door = Arc::new(Door::default());
    let there = Wire::builder().functions(functions![wait_at, add].state(Arc::clone(&door)));
    let here = Wire::builder().limits(Limits::default().waiting_calls(2));
    let (here, there) = here.pair(there).unwrap();
    let first = remote_value!(here, wait_at() -> i64);
    let second = remote_value!(here, wait_at() -> i64);
    let error = remote_value!(here, add(1, 2) -> i64).value().await.unwrap_err();
    assert!(matches!(error, CallError::TooManyWaiting { limit: 2, .. }), "{error}");
    assert!(error.to_string().contains("`Limits::waiting_calls`"), "{error}");
    assert_eq!(error.ran(), Ran::No);
    remote!(here, add(1, 2)).unwrap();
    here.force_output().await.unwrap();
    while there.stats().calls_received < 3 {
        tokio::task::yield_now().await;
    }
    door.0.notify_waiters();
    assert_eq!((first.value().await.unwrap(), second.value().await.unwrap()), (7, 7));
    assert_eq!(remote_value!(here, add(1, 2) -> i64).value().await.unwrap(), 3);
}

#[remote_fn]
fn new_object() -> Remote<String> {
    Remote::new(Arc::new(String::from("new")))
}

#[tokio::test]
async fn an_object_beyond_those_that_the_peer_may_hold_is_not_sent() {
    let limits = Limits::default().remote_objects(2);
    let there = Wire::builder().functions(functions![new_object, add]).limits(limits.clone());
    let here = Wire::builder().limits(limits);
    let (here, _there) = here.pair(there).unwrap();

    let ours: Vec<_> = (0..3_u8).map(|n| Remote::new(Arc::new(n))).collect();
    remote!(here, note(&ours[0], &ours[1])).unwrap();
    let error = remote!(here, note(&ours[2])).unwrap_err();
    assert!(matches!(error, CallError::TooManyObjects { limit: 2, .. }), "{error}");
    assert!(error.to_string().contains("`Limits::remote_objects`"), "{error}");
    assert_eq!(here.exported_objects().len(), 2);
    remote!(here, note(&ours[1])).unwrap();

    let _first = remote_value!(here, new_object() -> Remote<String>).value().await.unwrap();
    let _second = remote_value!(here, new_object() -> Remote<String>).value().await.unwrap();
    let error = remote_value!(here, new_object() -> Remote<String>).value().await.unwrap_err();
    let CallError::Unwound(reason) = &error else { panic!("{error}") };
    assert!(reason.is("NOT-SENDABLE"), "{error}");
    assert!(reason.message().contains("`Limits::remote_objects`"), "{error}");
    assert_eq!(remote_value!(here, add(1, 2) -> i64).value().await.unwrap(), 3);
}

#[tokio::test]
async fn a_released_object_makes_room_for_another() {
    let limits = Limits::default().remote_objects(1);
    let builder = Wire::builder().functions(functions![new_object]).limits(limits);
    let (wire, mut peer) = extended(builder).await;
    peer.send(&compact(1, 1, "NEW-OBJECT", &[])).await;
    let Said::Return(1, values) = peer.answer(1).await else { panic!("it returns") };
    peer.send(&compact(1, 2, "NEW-OBJECT", &[])).await;
    assert!(peer.reason(2).await.is("NOT-SENDABLE"));
    let id = values[0].as_remote().unwrap().token().id();
    peer.send(&[&[25][..], &id.to_be_bytes(), &[1]].concat()).await;
    peer.send(&compact(1, 3, "NEW-OBJECT", &[])).await;
    assert!(matches!(peer.answer(3).await, Said::Return(..)));
    assert_eq!(wire.stats().objects_exported, 1);
}

#[tokio::test]
async fn output_above_the_high_water_mark_goes_out_by_itself() {
    let here = Wire::builder().limits(Limits::default().high_water(1000));
    let (here, there) = here.pair(builder()).unwrap();
    here.sync().await.unwrap();
    let before = there.stats().calls_received;
    remote!(here, echo("small")).unwrap();
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(there.stats().calls_received, before, "a little waits");
    remote!(here, echo("x".repeat(1000))).unwrap();
    while there.stats().calls_received < before + 2 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn calls_beyond_the_output_that_may_wait_fail_and_room_comes_back() {
    let limits = Limits::default().buffered_output(10_000);
    let (wire, mut peer) = over_pipe(limited(limits).classic(), 100).await;
    let big = "x".repeat(20_000);
    remote!(wire, note(&big)).unwrap();
    let error = remote!(wire, note(1)).unwrap_err();
    assert!(matches!(error, CallError::Full { limit: 10_000, .. }), "{error}");
    assert!(error.to_string().contains("`Limits::buffered_output`"), "{error}");
    assert_eq!(error.ran(), Ran::No);
    let error = remote_value!(wire, note(1) -> i64).value().await.unwrap_err();
    assert!(matches!(error, CallError::Full { .. }), "{error}");

    let ready = wire.ready();
    tokio::pin!(ready);
    assert!(timeout(Duration::ZERO, &mut ready).await.is_err(), "there is no room yet");
    let read = peer.said();
    let (ready, said) = tokio::join!(ready, read);
    ready.unwrap();
    assert!(matches!(said, Said::Call(name, _) if name == "NOTE"));
    remote!(wire, note(2)).unwrap();
    wire.force_output().await.unwrap();
    assert_eq!(peer.said().await, Said::Call("NOTE".to_owned(), vec![Value::from(2)]));
}

#[remote_fn]
fn fill(octets: u64) -> String {
    "x".repeat(octets as usize)
}

#[tokio::test]
async fn a_peer_that_asks_on_and_does_not_read_ends_its_wire() {
    let limits = Limits::default().buffered_output(100_000).read_pause(1000);
    let builder = Wire::builder().functions(functions![fill]).limits(limits).classic();
    let (wire, mut peer) = over_pipe(builder, 1000).await;
    // While a call of ours waits, reading does not stop: its answer may be behind.
    let ours = remote_value!(wire, never() -> i64);
    let ours = tokio::spawn(ours.value());
    for id in 0..100_000 {
        let asked = [ask(id, 1), call("FILL", &[&50_000])].concat();
        if peer.stream.write_all(&asked).await.is_err() {
            break;
        }
    }
    let why = end_of(&wire).await;
    assert!(matches!(why, wire::WireError::AnswersUnread { .. }), "{why}");
    assert!(why.to_string().contains("`Limits::buffered_output`"), "{why}");
    assert!(matches!(ours.await.unwrap(), Err(CallError::Ended { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_does_not_read_is_not_read() {
    let limits = Limits::default().read_pause(10_000);
    let builder = Wire::builder().functions(functions![fill]).limits(limits).classic();
    let (wire, mut peer) = over_pipe(builder, 1000).await;
    let asked = |id| [ask(id, 1), call("FILL", &[&5000])].concat();
    let mut sent = 0;
    while timeout(Duration::from_secs(1), peer.stream.write_all(&asked(sent))).await.is_ok() {
        sent += 1;
        assert!(sent < 10_000, "reading never stops");
    }
    // What one read had brought is answered; no more is read.
    let held = wire.stats().octets_buffered;
    assert!((10_000..100_000).contains(&held), "{held}");
    pause_for(Duration::from_secs(5)).await;
    assert_eq!(wire.stats().octets_buffered, held);
    assert!(wire.is_open());
    for id in 0..sent {
        assert!(matches!(peer.answer(id).await, Said::Return(..)), "all are answered, in order");
    }
}

#[tokio::test]
async fn a_flood_of_objects_without_effect_ends_the_wire() {
    let (wire, mut peer) = over(limited(Limits::default().idle_objects(50))).await;
    peer.send(&number(0).repeat(50)).await;
    peer.check_alive(1).await;
    let _ = peer.stream.write_all(&number(0).repeat(5000)).await;
    let why = end_of(&wire).await;
    assert!(matches!(why, wire::WireError::Flooded { limit: 50 }), "{why}");
    assert!(why.to_string().contains("`Limits::idle_objects`"), "{why}");
}

#[tokio::test]
async fn a_flood_of_hellos_and_pongs_ends_the_wire() {
    for object in [crate::raw::hello(), vec![28, 0, 0, 0, 0]] {
        let (wire, mut peer) = extended(limited(Limits::default().idle_objects(50))).await;
        let _ = peer.stream.write_all(&object.repeat(5000)).await;
        let why = end_of(&wire).await;
        assert!(matches!(why, wire::WireError::Flooded { .. }), "{why}");
    }
}

#[tokio::test]
async fn two_wires_do_not_share_their_limits() {
    let limits = Limits::default().running_calls(1);
    let door = Arc::new(Door::default());
    let there = || {
        let functions = functions![wait_at].state(Arc::clone(&door)).merge(offered());
        Wire::builder().functions(functions).limits(limits.clone())
    };
    let (one, _keep) = Wire::builder().pair(there()).unwrap();
    let (other, _keep_other) = Wire::builder().pair(there()).unwrap();
    let first = remote_value!(one, wait_at() -> i64);
    let second = remote_value!(other, wait_at() -> i64);
    one.sync().await.unwrap();
    other.sync().await.unwrap();
    assert!(remote_value!(one, wait_at() -> i64).value().await.is_err());
    door.0.notify_waiters();
    let both = timeout(PATIENCE, async { (first.value().await, second.value().await) });
    let both = both.await.unwrap();
    assert_eq!((both.0.unwrap(), both.1.unwrap()), (7, 7));
}

#[tokio::test]
async fn who_reads_hardly_anything_is_told_of_an_unwinding() {
    let least = Limits::default().object_weight(512);
    for theirs in [least.clone().depth(1), least.clone().depth(2), least] {
        let (_wire, mut peer) = over(limited(Limits::default())).await;
        peer.send(&hello_of(&theirs)).await;
        assert_eq!(peer.said().await, Said::Hello);
        // The name that the reason would tell is longer than the peer reads.
        peer.send(&compact(1, 1, &"NO-SUCH-FUNCTION".repeat(100), &[])).await;
        peer.reason(1).await;
        peer.check_alive(2).await;
    }
}
