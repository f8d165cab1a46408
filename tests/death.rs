//! How wires end, and what everybody who waits is told.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod support;

use std::collections::HashSet;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use support::{everywhere, loopback, offers, until, within};
use tokio::io::AsyncReadExt;
use tokio::sync::{Notify, Semaphore, oneshot};
use wire::{
    CallError, Functions, Limits, Ran, Wire, WireError, functions, remote, remote_fn, remote_value,
};

#[remote_fn]
async fn never() {
    std::future::pending::<()>().await;
}

#[remote_fn]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

/// How a call ended that had nothing to wait for.
fn ended(error: &CallError) -> (&WireError, Ran) {
    let CallError::Ended { why, ran, .. } = error else { panic!("{error}") };
    (why, *ran)
}

/// What `future` gives at once.
async fn at_once<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    let polled = std::future::poll_fn(|cx| std::task::Poll::Ready(future.as_mut().poll(cx)));
    match polled.await {
        std::task::Poll::Ready(output) => output,
        std::task::Poll::Pending => panic!("it must have ended already"),
    }
}

#[tokio::test]
async fn ten_thousand_calls_in_flight_end_once_when_the_peers_socket_dies() {
    let (near, mut far) = tokio::net::UnixStream::pair().unwrap();
    let here = Wire::builder().classic().over(near).await.unwrap();
    let deaths = Arc::new(AtomicUsize::new(0));
    let waiting_at_death = Arc::new(AtomicUsize::new(usize::MAX));
    let (counted, left, watched) =
        (Arc::clone(&deaths), Arc::clone(&waiting_at_death), here.downgrade());
    here.on_death(move |why| {
        assert!(!matches!(why, WireError::Closed));
        counted.fetch_add(1, Ordering::SeqCst);
        let in_flight = watched.upgrade().map_or(0, |wire| wire.stats().calls_in_flight);
        left.store(in_flight, Ordering::SeqCst);
    });

    let text = "a long argument, so that the socket takes less than all: ".repeat(10);
    let calls: Vec<_> = (0..10_000).map(|n| remote_value!(here, work(n, text) -> i64)).collect();
    drop(here.force_output());
    until(|| here.stats().octets_sent > 0).await;
    let mut read = vec![0; 1 << 16];
    let mut taken = 0;
    while taken < read.len() {
        taken += far.read(&mut read).await.unwrap();
    }
    assert_eq!(here.stats().calls_in_flight, 10_000);
    assert!(here.stats().octets_buffered > 0, "the socket must not have taken all");
    drop(far);

    let (mut maybe, mut no) = (0, 0);
    for call in calls {
        let error = within(call.value()).await.unwrap_err();
        match ended(&error).1 {
            Ran::Maybe if no == 0 => maybe += 1,
            Ran::No => no += 1,
            ran => panic!("{ran:?} after {maybe} that may have run and {no} that have not"),
        }
    }
    assert!(maybe > 0 && no > 0, "{maybe} may have run, {no} have not");
    assert_eq!((maybe + no, here.stats().calls_in_flight), (10_000, 0));
    let why = within(here.closed()).await;
    until(|| deaths.load(Ordering::SeqCst) == 1).await;
    assert_eq!(waiting_at_death.load(Ordering::SeqCst), 0, "hooks come after the calls");

    // Calls on a dead wire end at once, and say why it died.
    let error = at_once(remote_value!(here, work(1) -> i64)).await.unwrap_err();
    assert_eq!(ended(&error).0.to_string(), why.to_string());
    assert_eq!(error.ran(), Ran::No);
    let error = remote!(here, work(1)).unwrap_err();
    assert_eq!(error.ran(), Ran::No);
    assert!(!here.is_open());
    let (told, tell) = std::sync::mpsc::channel();
    here.on_death(move |why| told.send(why.to_string()).unwrap());
    assert_eq!(tell.try_recv().unwrap(), why.to_string(), "a late hook runs at once");
    assert_eq!(deaths.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn ten_thousand_calls_in_flight_end_when_a_peer_of_the_extended_dialect_dies() {
    let (near, far) = tokio::io::duplex(1 << 20);
    let limits = Limits::default().running_calls(20_000);
    let there = offers(functions![never]).limits(limits);
    let (here, there) = tokio::join!(Wire::builder().over(near), there.over(far));
    let (here, there) = (here.unwrap(), there.unwrap());
    let calls: Vec<_> = (0..10_000).map(|_| remote_value!(here, never() -> ())).collect();
    drop(here.force_output());
    until(|| there.stats().calls_running == 10_000).await;
    there.abort("killed");
    for call in calls {
        let error = within(call.value()).await.unwrap_err();
        let (why, ran) = ended(&error);
        assert!(matches!(why, WireError::PeerVanished), "{why}");
        assert_eq!(ran, Ran::Maybe);
    }
}

#[tokio::test]
async fn abort_ends_this_side_at_once_and_the_peer_sees_it_vanish() {
    everywhere(offers(functions![]), offers(functions![never]), async |here, there| {
        let call = remote_value!(here, never() -> ());
        drop(here.force_output());
        until(|| there.stats().calls_running == 1).await;
        here.abort("enough");
        let unsent = remote_value!(there, anything() -> ());
        let error = at_once(call).await.unwrap_err();
        let (why, ran) = ended(&error);
        assert!(matches!(why, WireError::Aborted { reason } if &**reason == "enough"), "{why}");
        assert_eq!(ran, Ran::Maybe);
        assert!(matches!(here.closed().await, WireError::Aborted { .. }));
        assert!(matches!(there.closed().await, WireError::PeerVanished | WireError::Io(_)));
        assert_eq!(unsent.await.unwrap_err().ran(), Ran::No);
    })
    .await;
}

#[derive(Default)]
struct Count(AtomicUsize);

#[remote_fn]
fn count(count: &Count, _text: &str) {
    count.0.fetch_add(1, Ordering::SeqCst);
}

#[tokio::test]
async fn close_loses_nothing_and_tells_the_peer_why() {
    let counter = Arc::new(Count::default());
    let there = functions![count].state(Arc::clone(&counter));
    everywhere(offers(functions![]), offers(there), async |here, there| {
        counter.0.store(0, Ordering::SeqCst);
        let text = "x".repeat(1000);
        for _ in 0..2000 {
            remote!(here, count(text)).unwrap();
        }
        let why = here.close_because("done for today").await;
        assert!(matches!(why, WireError::Closed), "{why}");
        assert_eq!(counter.0.load(Ordering::SeqCst), 2000);
        let why = there.closed().await;
        assert!(
            matches!(&why, WireError::PeerClosed { reason } if &**reason == "done for today"),
            "{why}"
        );
        let error = remote!(here, count("late")).unwrap_err();
        assert!(matches!(ended(&error), (WireError::Closed, Ran::No)));
        assert!(matches!(here.close().await, WireError::Closed), "twice is no harm");
    })
    .await;
}

#[tokio::test]
async fn a_classic_peers_end_is_a_close_without_words() {
    let there = offers(functions![add]);
    everywhere(Wire::builder().classic(), there, async |here, there| {
        remote!(here, add(1, 2)).unwrap();
        here.close_because("it cannot be told").await;
        let why = there.closed().await;
        assert!(matches!(&why, WireError::PeerClosed { reason } if reason.is_empty()), "{why}");
        assert_eq!(there.stats().calls_received, 1);
    })
    .await;
}

struct Gate(Semaphore);

#[remote_fn]
async fn pass(gate: &Gate, n: i64) -> i64 {
    gate.0.acquire().await.unwrap().forget();
    n
}

#[tokio::test]
async fn a_closed_wire_still_delivers_answers() {
    let gate = Arc::new(Gate(Semaphore::new(0)));
    let there = functions![pass].state(Arc::clone(&gate));
    everywhere(offers(functions![]), offers(there), async |here, there| {
        let call = remote_value!(here, pass(7) -> i64);
        let closed = here.close();
        until(|| there.stats().calls_running == 1 && !there.is_open()).await;
        gate.0.add_permits(1);
        assert_eq!(call.value().await.unwrap(), 7);
        assert!(matches!(closed.await, WireError::Closed));
        assert!(matches!(there.closed().await, WireError::PeerClosed { .. }));
    })
    .await;
}

#[tokio::test]
async fn closing_waits_for_answers_only_until_its_grace_is_over() {
    let here = Wire::builder().close_grace(Duration::from_millis(20));
    everywhere(here, offers(functions![never]), async |here, _there| {
        let call = remote_value!(here, never() -> ());
        assert!(matches!(here.close().await, WireError::Closed));
        let error = at_once(call).await.unwrap_err();
        assert!(matches!(ended(&error), (WireError::Closed, Ran::Maybe)), "{error}");
    })
    .await;
}

#[tokio::test]
async fn the_last_handle_of_a_wire_that_offers_nothing_closes_it_with_all_sent() {
    let counter = Arc::new(Count::default());
    let there = functions![count, pass].state(Arc::clone(&counter));
    let gate = Arc::new(Gate(Semaphore::new(0)));
    let there = there.state(Arc::clone(&gate));
    everywhere(offers(functions![]), offers(there), async |here, there| {
        counter.0.store(0, Ordering::SeqCst);
        let call = remote_value!(here, pass(3) -> i64);
        let weak = here.downgrade();
        let clone = here.clone();
        drop(here);
        assert!(clone.is_open());
        remote!(clone, count("buffered"), count("and never forced")).unwrap();
        drop(clone);
        // A pending call is a handle too.
        gate.0.add_permits(1);
        assert_eq!(call.value().await.unwrap(), 3);
        assert!(matches!(there.closed().await, WireError::PeerClosed { .. }));
        assert_eq!(counter.0.load(Ordering::SeqCst), 2);
        until(|| weak.upgrade().is_none()).await;
    })
    .await;
}

#[tokio::test]
async fn a_wire_that_offers_functions_goes_on_without_handles() {
    everywhere(offers(functions![add]), offers(functions![]), async |here, there| {
        let weak = here.downgrade();
        drop(here);
        assert_eq!(remote_value!(there, add(1, 2) -> i64).value().await.unwrap(), 3);
        assert!(weak.upgrade().is_some_and(|wire| wire.is_open()));
        there.close().await;
        until(|| weak.upgrade().is_none()).await;
    })
    .await;
}

#[tokio::test]
async fn handles_are_equal_and_hash_by_wire() {
    let (here, there) = Wire::pair(functions![], functions![]).unwrap();
    let again = here.timeout(Duration::from_secs(1));
    assert!(here == again && here == here.downgrade().upgrade().unwrap() && here != there);
    #[expect(clippy::mutable_key_type, reason = "what changes in a wire is not what it hashes by")]
    let set = HashSet::from([here, again, there]);
    assert_eq!(set.len(), 2);
}

/// Holds the wire that holds it.
struct Room {
    _wire: Mutex<Option<Wire>>,
}

#[remote_fn]
fn in_room(_room: &Room) {}

#[tokio::test]
async fn a_wire_drops_its_values_and_its_functions_when_it_ends() {
    let (own, state) = (Arc::new(()), Arc::new(Room { _wire: Mutex::new(None) }));
    let api: Functions = functions![in_room].state(Arc::clone(&state));
    let (held, shared) = (Arc::clone(&own), Arc::clone(&state));
    let test = async move |here: Wire, there: Wire| {
        here.insert(Room { _wire: Mutex::new(Some(here.clone())) });
        here.insert(Arc::clone(&held));
        assert_eq!(Arc::strong_count(&held), 3);
        *shared._wire.lock().unwrap() = Some(there.clone());
        here.force_output().await.unwrap();
        there.abort("the end");
        here.closed().await;
        assert_eq!(Arc::strong_count(&held), 2, "the wire kept a value of its own");
        assert!(here.get::<Arc<()>>().is_none());
        here.insert(Arc::clone(&held));
        assert_eq!(Arc::strong_count(&held), 2, "a dead wire keeps nothing");
    };
    everywhere(offers(functions![]), offers(api), test).await;
    until(|| Arc::strong_count(&state) == 1).await;
    assert_eq!(Arc::strong_count(&own), 1);
}

#[tokio::test]
async fn the_functions_of_a_wire_are_dropped_although_handles_live() {
    let state = Arc::new(Room { _wire: Mutex::new(None) });
    let api = functions![in_room].state(Arc::clone(&state));
    let (here, there) = Wire::pair(functions![], api).unwrap();
    assert_eq!(Arc::strong_count(&state), 2);
    there.abort("the end");
    here.closed().await;
    until(|| Arc::strong_count(&state) == 1).await;
    assert!(!there.is_open());
}

struct Finish {
    started: Notify,
    go: Notify,
    done: Mutex<Option<oneshot::Sender<()>>>,
}

#[remote_fn]
async fn run_on(finish: &Finish) {
    finish.started.notify_one();
    finish.go.notified().await;
    let _ = finish.done.lock().unwrap().take().unwrap().send(());
}

#[tokio::test]
async fn functions_that_run_when_their_wire_ends_run_on() {
    let (done, finished) = oneshot::channel();
    let finish = Arc::new(Finish {
        started: Notify::new(),
        go: Notify::new(),
        done: Mutex::new(Some(done)),
    });
    let api = functions![run_on].state(Arc::clone(&finish));
    let (here, there) = loopback(Wire::builder(), offers(api)).await;
    let call = remote_value!(here, run_on() -> ());
    drop(here.force_output());
    within(finish.started.notified()).await;
    there.abort("while it runs");
    assert_eq!(within(call).await.unwrap_err().ran(), Ran::Maybe);
    finish.go.notify_one();
    within(finished).await.unwrap();
    until(|| there.stats().calls_running == 0).await;
}

#[test]
fn the_end_of_the_runtime_is_told_to_all() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (here, there, call) = runtime.block_on(async {
        let (here, there) = Wire::pair(functions![], functions![never]).unwrap();
        let call = remote_value!(here, never() -> ());
        here.force_output().await.unwrap();
        (here, there, call)
    });
    let (told, hear) = std::sync::mpsc::channel();
    here.on_death(move |why| told.send(why.clone()).unwrap());
    drop(runtime);
    let error = call.value().wait().unwrap_err();
    let (why, ran) = ended(&error);
    assert!(matches!(why, WireError::RuntimeGone | WireError::PeerVanished), "{why}");
    assert_eq!(ran, Ran::Maybe);
    let both = [hear.recv().unwrap(), {
        let (told, hear) = std::sync::mpsc::channel();
        there.on_death(move |why| told.send(why.clone()).unwrap());
        hear.recv().unwrap()
    }];
    assert!(both.iter().any(|why| matches!(why, WireError::RuntimeGone)), "{both:?}");
    assert_eq!(remote!(here, never()).unwrap_err().ran(), Ran::No);
}

#[tokio::test]
async fn a_stream_that_ends_without_a_goodbye_is_a_peer_that_vanished() {
    let (near, far) = tokio::io::duplex(1 << 16);
    let (_kept, relay) = tokio::io::duplex(1 << 16);
    let (here, there) = tokio::join!(Wire::builder().over(near), Wire::builder().over(far));
    let (here, there) = (here.unwrap(), there.unwrap());
    drop(relay);
    there.abort("no goodbye");
    assert!(matches!(within(here.closed()).await, WireError::PeerVanished));
}

#[tokio::test]
async fn a_hook_that_panics_keeps_nobody_else_from_being_told() {
    let (here, there) = Wire::pair(functions![], functions![]).unwrap();
    let value = Arc::new(());
    here.insert(Arc::clone(&value));
    here.on_death(|_| panic!("a hook of the tests"));
    let (told, hear) = oneshot::channel();
    here.on_death(move |why| told.send(why.to_string()).unwrap());
    let closed = tokio::spawn(here.closed());
    there.abort("the end");
    assert!(within(hear).await.is_ok());
    within(closed).await.unwrap();
    until(|| Arc::strong_count(&value) == 1).await;

    let (here, _there) = Wire::pair(functions![], functions![]).unwrap();
    here.on_death(|_| panic!("another hook of the tests"));
    let aborted = std::panic::catch_unwind(AssertUnwindSafe(|| here.abort("by hand")));
    assert!(aborted.is_ok(), "who aborts is not to blame for a hook");
}

#[tokio::test]
async fn dropping_the_last_handle_sends_what_is_buffered() {
    let counter = Arc::new(Count::default());
    let there = functions![count].state(Arc::clone(&counter));
    everywhere(offers(functions![]), offers(there), async |here, there| {
        counter.0.store(0, Ordering::SeqCst);
        remote!(here, count("buffered"), count("and never forced")).unwrap();
        drop(here);
        assert!(matches!(there.closed().await, WireError::PeerClosed { .. }));
        assert_eq!(counter.0.load(Ordering::SeqCst), 2);
    })
    .await;
}
