//! Nobody sleeps for ever: whoever writes, and whoever is woken, what was buffered goes out and who
//! waits is told.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod support;

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use support::{everywhere, loopback, offers, until, within};
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf, duplex};
use tokio::task::{JoinSet, yield_now};
use wire::{CallError, Functions, Wire, functions, remote, remote_fn, remote_value};

/// Whoever calls at once, there are so many of them.
const CALLERS: i64 = 16;
const CALLS: i64 = 200;

#[remote_fn]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

#[remote_fn]
async fn slow_add(a: i64, b: i64) -> i64 {
    yield_now().await;
    a + b
}

#[remote_fn(blocking)]
fn blocking_add(a: i64, b: i64) -> i64 {
    a + b
}

/// Asks its caller for the sum.
#[remote_fn]
async fn ask_back(wire: &Wire, a: i64, b: i64) -> Result<i64, CallError> {
    remote_value!(wire, add(a, b) -> i64).value().await
}

#[remote_fn]
fn length_of(text: &str) -> usize {
    text.len()
}

#[remote_fn]
fn note(count: &AtomicUsize) {
    count.fetch_add(1, Ordering::Relaxed);
}

fn offered() -> Functions {
    functions![add, slow_add, blocking_add, ask_back, length_of]
}

async fn call_in_some_way(wire: &Wire, n: i64) {
    let sum = match n % 7 {
        0 => remote_value!(wire, add(n, 1)).value().await,
        1 => remote_value!(wire, slow_add(n, 1)).value().await,
        2 => remote_value!(wire, blocking_add(n, 1)).value().await,
        3 => remote_value!(wire, ask_back(n, 1)).value().await,
        4 => {
            // Polled, so that it was forced, and given up.
            let mut given_up = remote_value!(wire, slow_add(n, 1) -> i64);
            drop(polled_once(&mut given_up));
            drop(given_up);
            Ok(n + 1)
        }
        5 => {
            let pending = remote_value!(wire, add(n, 1)).value();
            wire.force_output().await.unwrap();
            pending.await
        }
        _ => {
            remote!(wire, add(n, n)).unwrap();
            remote_value!(wire, add(@add(n, 0), 1)).value().await
        }
    };
    assert_eq!(sum.unwrap(), n + 1);
}

/// What a future gives when it is polled once.
fn polled_once<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    let mut cx = Context::from_waker(std::task::Waker::noop());
    match Pin::new(future).poll(&mut cx) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

async fn many_call_at_once(here: Wire, there: Wire) {
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        let wire = if caller % 2 == 0 { here.clone() } else { there.clone() };
        callers.spawn(async move {
            for call in 0..CALLS {
                call_in_some_way(&wire, caller + call).await;
            }
        });
    }
    callers.join_all().await;
    until(|| here.stats().calls_in_flight + there.stats().calls_in_flight == 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn many_call_at_once_from_many_threads() {
    everywhere(offers(offered()), offers(offered()), many_call_at_once).await;
}

#[tokio::test]
async fn many_call_at_once_from_one_thread() {
    everywhere(offers(offered()), offers(offered()), many_call_at_once).await;
}

/// One after the other, so that each is alone; each from another thread than the wire's task.
#[test]
fn who_calls_from_no_runtime_is_answered() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let (here, _there) = runtime.block_on(loopback(offers(offered()), offers(offered())));
    for n in 0..1000 {
        let told = remote_value!(here, add(n, 1) -> i64).wait();
        assert_eq!(told.unwrap(), (Some(n + 1), false));
    }
}

/// Some are woken and never run again: those who were woken with them are not held up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_that_was_woken_may_be_gone() {
    let (here, _there) = loopback(offers(offered()), offers(offered())).await;
    for round in 0..200 {
        let call = |n: i64| tokio::spawn(remote_value!(here, slow_add(round, n) -> i64).value());
        let calls: Vec<_> = (0..8).map(call).collect();
        for gone in calls.iter().step_by(2) {
            gone.abort();
        }
        for (n, stays) in calls.into_iter().enumerate().filter(|(n, _)| n % 2 == 1) {
            assert_eq!(within(stays).await.unwrap().unwrap(), round + n as i64);
        }
    }
}

/// While callers write, gather or are woken, the wire ends, in one way or the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn all_who_wait_are_told_of_the_end() {
    for round in 0..60 {
        let (here, there) = loopback(offers(offered()), offers(offered())).await;
        let mut callers = JoinSet::new();
        for n in 0..8 {
            let here = here.clone();
            callers.spawn(async move {
                let mut sums = 0_i64;
                while let Ok(sum) = remote_value!(here, add(sums, n) -> i64).value().await {
                    sums = sum;
                    if n == 0 && here.force_output().await.is_err() {
                        break;
                    }
                }
            });
        }
        until(|| here.stats().answers_received > 20).await;
        match round % 3 {
            0 => here.abort("as the test wants it"),
            1 => drop(here.close()),
            _ => there.abort("as the test wants it"),
        }
        within(callers.join_all()).await;
        within(here.closed()).await;
    }
}

/// The pipe holds less than a call: the caller's write is cut short, and the task goes on with it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_that_the_caller_cannot_end_is_ended_for_it() {
    let (near, far) = duplex(16);
    let (here, there) = tokio::join!(offers(functions![]).over(near), offers(offered()).over(far));
    let (here, _there) = (here.unwrap(), there.unwrap());
    for n in 0..100 {
        let text = "x".repeat(n);
        let length = within(remote_value!(here, length_of(&text) -> usize).value()).await;
        assert_eq!(length.unwrap(), n);
        remote!(here, length_of(&text)).unwrap();
        within(here.force_output()).await.unwrap();
    }
}

/// The caller finds out first, and the wire's task says so to everybody.
#[tokio::test]
async fn a_write_that_fails_for_the_caller_ends_the_wire() {
    let (near, far) = duplex(1 << 10);
    let here = Wire::builder().classic().over(near).await.unwrap();
    yield_now().await;
    drop(far);
    let error = within(remote_value!(here, add(1, 2) -> i64).value()).await.unwrap_err();
    assert!(matches!(error, CallError::Ended { .. }), "{error}");
    within(here.closed()).await;
}

/// Output that no call waits for goes when it is forced, and what follows that does too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_forced_goes_whoever_forces_it() {
    let count = Arc::new(AtomicUsize::new(0));
    let noting = functions![note].state(Arc::clone(&count));
    everywhere(offers(functions![]), offers(noting), async |here, _there| {
        let before = count.load(Ordering::Relaxed);
        let mut callers = JoinSet::new();
        for _ in 0..8 {
            let here = here.clone();
            callers.spawn(async move {
                for n in 0..100 {
                    remote!(here, note()).unwrap();
                    if n % 3 == 0 {
                        drop(here.force_output());
                    } else {
                        here.force_output().await.unwrap();
                    }
                }
                here.force_output().await.unwrap();
            });
        }
        callers.join_all().await;
        until(|| count.load(Ordering::Relaxed) == before + 800).await;
    })
    .await;
}

/// A stream that only one task may write to.
struct OneTask {
    stream: DuplexStream,
    task: Option<tokio::task::Id>,
}

impl OneTask {
    fn check(&mut self) {
        let task = tokio::task::id();
        assert_eq!(*self.task.get_or_insert(task), task, "it is polled by another task");
    }
}

impl AsyncRead for OneTask {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check();
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for OneTask {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        octets: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check();
        Pin::new(&mut self.stream).poll_write(cx, octets)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check();
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check();
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_of_users_is_polled_by_one_task() {
    let (near, far) = duplex(1 << 10);
    let near = OneTask { stream: near, task: None };
    let (here, there) = tokio::join!(offers(functions![]).over(near), offers(offered()).over(far));
    let (here, _there) = (here.unwrap(), there.unwrap());
    for n in 0..100 {
        let caller = tokio::spawn(remote_value!(here, add(n, 1) -> i64).value());
        assert_eq!(within(caller).await.unwrap().unwrap(), n + 1);
    }
}

/// A closed wire ends when the last of the peer's calls has, though nothing else wakes it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_wire_ends_with_the_last_call_that_runs() {
    for _ in 0..50 {
        let (here, there) = loopback(offers(functions![]), offers(offered())).await;
        let pending = remote_value!(here, slow_add(1, 2) -> i64).value();
        here.force_output().await.unwrap();
        until(|| there.stats().calls_received == 1).await;
        drop(there.close());
        assert_eq!(within(pending).await.unwrap(), 3);
        drop(here);
        within(there.closed()).await;
    }
}
