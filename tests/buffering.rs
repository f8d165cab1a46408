//! What stands in the buffer, when it goes out, and when it is full.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use support::{everywhere, loopback, offers, until, within};
use tokio::io::{AsyncReadExt, DuplexStream};
use tokio::sync::Semaphore;
use wire::{
    Builder, CallError, Limits, Ran, Wire, functions, remote, remote_fn, remote_value,
    remote_value_bind,
};

#[derive(Default)]
struct Log(Mutex<Vec<i64>>);

impl Log {
    fn take(&self) -> Vec<i64> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

#[remote_fn]
fn note(log: &Log, n: i64) {
    log.0.lock().unwrap().push(n);
}

#[remote_fn]
fn swallow(_text: &str) {}

/// A log, and a wire to be that writes to it.
fn logging() -> (Arc<Log>, Builder) {
    let log = Arc::new(Log::default());
    let api = functions![note, swallow].state(Arc::clone(&log));
    (log, offers(api))
}

/// A wire whose peer reads nothing: the stream takes `size` octets.
async fn unread(builder: Builder, size: usize) -> (Wire, DuplexStream) {
    let (near, far) = tokio::io::duplex(size);
    (builder.classic().over(near).await.unwrap(), far)
}

#[tokio::test]
async fn nothing_goes_out_before_it_is_forced() {
    let (log, there) = logging();
    everywhere(Wire::builder(), there, async |here, there| {
        here.sync().await.unwrap();
        let before = here.stats();
        assert_eq!(before.octets_buffered, 0);
        remote!(here, note(1), note(2)).unwrap();
        let idle = remote_value!(here, note(3) -> ());
        assert_eq!(remote_value_bind!(here, () = note(4), 5).unwrap(), Some(5));
        let after = here.stats();
        assert!(after.octets_buffered > 0 && after.octets_sent == before.octets_sent);
        assert_eq!(after.calls_sent, before.calls_sent + 4);
        // What comes in meanwhile is handled, and forces nothing of ours.
        assert!(remote_value!(there, nothing() -> ()).await.is_ok());
        log.take();
        here.force_output().await.unwrap();
        assert_eq!(here.stats().octets_buffered, 0);
        idle.value().await.unwrap();
        assert_eq!(here.stats().octets_sent, there.stats().octets_received);
    })
    .await;
}

#[tokio::test]
async fn force_output_works_dropped_and_awaited_by_many() {
    let (log, there) = logging();
    everywhere(Wire::builder(), there, async |here, _there| {
        remote!(here, note(1)).unwrap();
        drop(here.force_output());
        until(|| log.0.lock().unwrap().len() == 1).await;
        remote!(here, note(2)).unwrap();
        let waiting: Vec<_> = (0..10).map(|_| tokio::spawn(here.force_output())).collect();
        for forced in waiting {
            forced.await.unwrap().unwrap();
        }
        here.force_output().await.unwrap();
        here.sync().await.unwrap();
        assert_eq!(log.take(), [1, 2]);
    })
    .await;
}

#[tokio::test]
async fn force_output_waits_until_the_socket_has_accepted_all() {
    let (here, mut far) = unread(Wire::builder(), 64).await;
    remote!(here, swallow("x".repeat(1000))).unwrap();
    let mut forced = Box::pin(here.force_output());
    until(|| here.stats().octets_sent > 0).await;
    let polled = tokio::time::timeout(Duration::ZERO, &mut forced).await;
    assert!(polled.is_err(), "most of it was not accepted");
    let reading = tokio::spawn(async move {
        let mut all = Vec::new();
        far.read_to_end(&mut all).await.unwrap();
        all.len() as u64
    });
    within(forced).await.unwrap();
    let sent = here.stats().octets_sent;
    here.abort("enough");
    assert_eq!(within(reading).await.unwrap(), sent);
    let error = within(here.force_output());
    // All before was accepted, so there is nothing to fail.
    assert!(error.await.is_ok());

    let (here, _far) = unread(Wire::builder(), 64).await;
    remote!(here, swallow("x".repeat(1000))).unwrap();
    let forced = here.force_output();
    here.abort("enough");
    let error = within(forced).await.unwrap_err();
    assert!(matches!(error, CallError::Ended { .. }), "{error}");
}

#[tokio::test]
async fn past_the_high_water_mark_the_buffer_hands_itself_over() {
    let (log, there) = logging();
    let here = Wire::builder().limits(Limits::default().high_water(1000));
    everywhere(here, there, async |here, _there| {
        remote!(here, note(1)).unwrap();
        remote!(here, swallow("x".repeat(990))).unwrap();
        until(|| log.0.lock().unwrap().len() == 1).await;
        log.take();
    })
    .await;
}

#[tokio::test]
async fn a_full_buffer_is_told_apart_from_an_ended_wire_and_empties_again() {
    let limits = Limits::default().buffered_output(10_000);
    let (here, mut far) = unread(Wire::builder().limits(limits), 64).await;
    let text = "x".repeat(900);
    let full = loop {
        if let Err(error) = remote!(here, swallow(text)) {
            break error;
        }
        assert!(here.stats().calls_sent < 100, "it must be full some time");
    };
    let CallError::Full { buffered, limit, .. } = &full else { panic!("{full}") };
    assert!(*limit == 10_000 && *buffered >= 10_000 && *buffered < 11_000);
    assert!(full.to_string().contains("Limits::buffered_output"), "{full}");
    assert_eq!(full.ran(), Ran::No);
    let error = remote_value!(here, swallow("x") -> ()).await.unwrap_err();
    assert!(matches!(error, CallError::Full { .. }), "{error}");
    assert!(here.is_open());

    let mut ready = Box::pin(here.ready());
    assert!(tokio::time::timeout(Duration::ZERO, &mut ready).await.is_err(), "nobody reads");
    let reading = tokio::spawn(async move {
        let mut octets = vec![0; 256];
        while far.read(&mut octets).await.unwrap() > 0 {}
    });
    within(ready).await.unwrap();
    assert!(here.stats().octets_buffered <= 5000);
    remote!(here, swallow(text)).unwrap();
    within(here.force_output()).await.unwrap();
    here.abort("enough");
    assert!(matches!(remote!(here, swallow(text)), Err(CallError::Ended { .. })));
    assert!(matches!(within(here.ready()).await, Err(CallError::Ended { .. })));
    within(reading).await.unwrap();
}

#[tokio::test]
async fn one_object_may_pass_the_limit_so_that_it_can_be_sent_at_all() {
    // Below the high-water mark, nothing goes out unasked.
    let limits = Limits::default().buffered_output(1000).high_water(200_000);
    let here = Wire::builder().limits(limits);
    let (_log, there) = logging();
    everywhere(here, there, async |here, _there| {
        remote!(here, swallow("x".repeat(100_000))).unwrap();
        let full = remote!(here, swallow("y"));
        assert!(matches!(full, Err(CallError::Full { .. })), "{full:?}");
        here.ready().await.unwrap();
        remote!(here, swallow("y")).unwrap();
        here.sync().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_sender_that_waits_for_room_loses_nothing() {
    let (log, there) = logging();
    let limits = Limits::default().buffered_output(2000).high_water(500);
    everywhere(Wire::builder().limits(limits), there, async |here, _there| {
        for n in 0..2000 {
            while let Err(error) = remote!(here, note(n)) {
                assert!(matches!(error, CallError::Full { .. }), "{error}");
                here.ready().await.unwrap();
            }
        }
        here.ready().await.unwrap();
        here.sync().await.unwrap();
        assert_eq!(log.take(), (0..2000).collect::<Vec<_>>());
    })
    .await;
}

struct Door(Semaphore);

#[remote_fn]
async fn wait_at(door: &Door) {
    door.0.acquire().await.unwrap().forget();
}

#[tokio::test]
async fn sync_waits_for_plain_functions_and_not_for_async_ones() {
    for classic in [false, true] {
        let log = Arc::new(Log::default());
        let door = Arc::new(Door(Semaphore::new(0)));
        let api = functions![note, wait_at].state(Arc::clone(&log)).state(Arc::clone(&door));
        let here = if classic { Wire::builder().classic() } else { Wire::builder() };
        everywhere(here, offers(api), async |here, there| {
            for n in 0..100 {
                remote!(here, note(n)).unwrap();
            }
            let waiting = remote_value!(here, wait_at() -> ());
            here.sync().await.unwrap();
            assert_eq!(log.take(), (0..100).collect::<Vec<_>>());
            assert_eq!(there.stats().calls_running, 1, "the async one was started");
            drop(here.sync());
            door.0.add_permits(1);
            waiting.value().await.unwrap();
        })
        .await;
    }
}

/// Buffers calls of its own before it returns.
#[remote_fn]
fn tell_first(wire: &Wire, upto: i64) -> Result<i64, CallError> {
    for n in 0..upto {
        remote!(wire, note(n))?;
    }
    Ok(upto)
}

#[tokio::test]
async fn an_answer_comes_after_what_its_function_buffered_and_forces_it() {
    let (log, here) = logging();
    everywhere(here, offers(functions![tell_first]), async |here, there| {
        let told = remote_value!(here, tell_first(50) -> i64).value().await.unwrap();
        assert_eq!((told, log.take()), (50, (0..50).collect::<Vec<_>>()));
        assert_eq!(there.stats().octets_buffered, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn output_keeps_one_order_whoever_forces_it() {
    let (log, there) = logging();
    let (here, _there) = loopback(Wire::builder(), there).await;
    let forcing = here.clone();
    let forcer = tokio::spawn(async move {
        loop {
            forcing.force_output().await.unwrap();
            tokio::task::yield_now().await;
        }
    });
    for n in 0..5000 {
        if n % 3 == 0 {
            drop(remote_value!(here, note(n) -> ()));
        } else {
            remote!(here, note(n)).unwrap();
        }
    }
    within(here.sync()).await.unwrap();
    forcer.abort();
    assert_eq!(log.take(), (0..5000).collect::<Vec<_>>());
}

#[tokio::test]
async fn statistics_add_up() {
    let (_log, there) = logging();
    everywhere(Wire::builder(), there, async |here, there| {
        let before = (here.stats(), there.stats());
        remote!(here, note(1), note(2), swallow("x")).unwrap();
        let call = remote_value!(here, note(3) -> ());
        assert_eq!(here.stats().calls_in_flight, 1);
        call.value().await.unwrap();
        assert!(remote_value!(here, nobody() -> ()).await.unwrap().1);
        let after = (here.stats(), there.stats());
        assert_eq!(after.0.calls_sent - before.0.calls_sent, 5);
        assert_eq!(after.0.answers_received - before.0.answers_received, 2);
        assert_eq!(after.1.calls_received - before.1.calls_received, 5);
        assert_eq!(after.1.answers_sent - before.1.answers_sent, 2);
        assert_eq!(after.1.objects_refused - before.1.objects_refused, 1);
        assert_eq!(after.0.octets_sent, after.1.octets_received);
        assert_eq!(after.1.octets_sent, after.0.octets_received);
        assert_eq!((after.0.calls_in_flight, after.0.octets_buffered), (0, 0));
    })
    .await;
}
