//! Calls both ways, what they carry, and in which order they run.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod support;

use std::cell::Cell;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use support::{everywhere, loopback, offers, until, within};
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf};
use wire::{
    CallError, Encoder, Functions, Outcome, Ran, Symbol, ToWire, Unsendable, Wire, functions,
    remote, remote_fn, remote_value, remote_value_bind,
};

#[remote_fn]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

#[remote_fn]
fn divide(a: i64, b: i64) -> Result<(i64, i64), String> {
    if b == 0 { Err("no".to_owned()) } else { Ok((a / b, a % b)) }
}

#[tokio::test]
async fn both_ends_call_and_get_values() {
    let api = functions![add, divide];
    everywhere(offers(api.clone()), offers(api), async |here, there| {
        for wire in [&here, &there] {
            assert_eq!(remote_value!(wire, add(2, 3) -> i64).await.unwrap(), (Some(5), false));
            assert_eq!(remote_value!(wire, add(2, -3) -> i64).value().await.unwrap(), -1);
            let shown =
                remote_value_bind!(wire, (q: i64, r: i64) = divide(17, 5), { (q, r) }).unwrap();
            assert_eq!(shown, Some((3, 2)));
        }
        assert_eq!((here.stats().answers_received, here.stats().calls_received), (3, 3));
        assert_eq!((here.stats().calls_in_flight, there.stats().calls_in_flight), (0, 0));
    })
    .await;
}

/// Calls its caller back until `n` is 0: each step waits within the one before.
#[remote_fn]
async fn descend(wire: &Wire, n: i64) -> Result<i64, CallError> {
    if n == 0 {
        return Ok(0);
    }
    Ok(remote_value!(wire, descend(n - 1) -> i64).value().await? + 1)
}

#[tokio::test]
async fn a_chain_of_callbacks_may_be_a_hundred_deep() {
    let api = functions![descend];
    everywhere(offers(api.clone()), offers(api.clone()), async |here, _there| {
        assert_eq!(remote_value!(here, descend(100) -> i64).value().await.unwrap(), 100);
    })
    .await;
    let classic = offers(api.clone()).classic();
    everywhere(classic, offers(api), async |here, _there| {
        assert_eq!(remote_value!(here, descend(100) -> i64).value().await.unwrap(), 100);
    })
    .await;
}

/// Makes 10,000 calls before it awaits the first.
async fn many(wire: &Wire) -> i64 {
    let calls: Vec<_> = (0..10_000).map(|n| remote_value!(wire, add(n, 1) -> i64)).collect();
    let mut sum = 0;
    for call in calls {
        sum += call.value().await.unwrap();
    }
    sum
}

#[tokio::test]
async fn both_sides_call_each_other_ten_thousand_times_at_once() {
    let api = functions![add];
    everywhere(offers(api.clone()), offers(api), async |here, there| {
        let sums = tokio::join!(many(&here), many(&there));
        assert_eq!(sums, (50_005_000, 50_005_000));
        assert_eq!(here.stats().answers_received, 10_000);
        assert_eq!(there.stats().answers_received, 10_000);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_threads_share_one_wire() {
    let (here, _there) = loopback(offers(functions![]), offers(functions![add])).await;
    let tasks: Vec<_> = (0..8_i64)
        .map(|task| {
            let here = here.clone();
            tokio::spawn(async move {
                for n in 0..1000 {
                    let sum = remote_value!(here, add(n, task) -> i64).value().await.unwrap();
                    assert_eq!(sum, n + task);
                }
            })
        })
        .collect();
    for task in tasks {
        within(task).await.unwrap();
    }
}

#[remote_fn]
fn none() {}

#[remote_fn]
fn one() -> i64 {
    1
}

#[remote_fn]
fn seven() -> (i64, i64, i64, i64, i64, i64, i64) {
    (1, 2, 3, 4, 5, 6, 7)
}

#[tokio::test]
async fn missing_values_are_nil_and_extra_ones_are_dropped() {
    type Five = (i64, i64, i64, i64, i64);
    let there = || offers(functions![none, one, divide, seven]);
    for here in [offers(functions![]), offers(functions![]).classic()] {
        everywhere(here, there(), async |here, _there| {
            assert_eq!(remote_value!(here, none() -> i64).await.unwrap(), (None, false));
            let missing = remote_value!(here, none() -> i64).value().await.unwrap_err();
            assert!(matches!(missing, CallError::WrongType { .. }), "{missing}");
            assert_eq!(missing.ran(), Ran::Yes);
            let nil = remote_value!(here, none() -> Option<i64>).value().await.unwrap();
            assert_eq!(nil, None);
            assert_eq!(remote_value!(here, seven() -> i64).value().await.unwrap(), 1);

            let bound = remote_value_bind!(here, (a: i64) = one(), a).unwrap();
            assert_eq!(bound, Some(1));
            let bound =
                remote_value_bind!(here, (a: i64, b: Option<i64>) = one(), { (a, b) }).unwrap();
            assert_eq!(bound, Some((1, None)));
            let bound = remote_value_bind!(here, (a: i64, b: i64) = seven(), { (a, b) }).unwrap();
            assert_eq!(bound, Some((1, 2)));
            let bound = remote_value_bind!(
                here,
                (a: i64, b: i64, c: i64, d: i64, e: i64) = seven(),
                { (a, b, c, d, e) }
            );
            assert_eq!(bound.unwrap(), Some((1, 2, 3, 4, 5)));
            let bound = remote_value_bind!(
                here,
                (a: i64, b: i64, c: i64, d: i64, e: i64, f: i64, g: i64, h: Option<i64>) = seven(),
                { (a + b + c + d + e + f + g, h) }
            );
            assert_eq!(bound.unwrap(), Some((28, None)));

            let name = Symbol::read("seven").unwrap();
            let five: Five = here.call_values(&name, &[]).value().await.unwrap();
            assert_eq!(five, (1, 2, 3, 4, 5));
            let few = here.call_values::<(i64, i64)>(&Symbol::read("one").unwrap(), &[]);
            let error = few.value().await.unwrap_err();
            assert!(matches!(error, CallError::WrongType { .. }), "{error}");
        })
        .await;
    }
}

#[derive(Default)]
struct Cell64(AtomicI64);

#[remote_fn]
fn set(cell: &Cell64, n: i64) {
    cell.0.store(n, Ordering::Relaxed);
}

#[remote_fn]
fn get(cell: &Cell64) -> i64 {
    cell.0.load(Ordering::Relaxed)
}

#[tokio::test]
async fn without_variables_the_call_goes_out_and_the_body_runs_at_once() {
    let there = functions![set, get].state(Arc::<Cell64>::default());
    everywhere(offers(functions![]), offers(there), async |here, there| {
        let before = there.stats().calls_received;
        let body = remote_value_bind!(here, () = set(4), there.stats().calls_received).unwrap();
        assert_eq!(body, Some(before));
        assert_eq!(remote_value!(here, get() -> i64).value().await.unwrap(), 4);
    })
    .await;
}

#[tokio::test]
async fn calls_start_in_the_order_they_were_sent() {
    let there = functions![set, get].state(Arc::<Cell64>::default());
    everywhere(offers(functions![]), offers(there), async |here, _there| {
        for n in 1..200 {
            remote!(here, set(n)).unwrap();
            assert_eq!(remote_value!(here, get() -> i64).value().await.unwrap(), n);
        }
    })
    .await;
}

#[derive(Default)]
struct Log(Mutex<Vec<i64>>);

#[remote_fn]
async fn start_and_wait(log: &Log, n: i64) {
    log.0.lock().unwrap().push(n);
    tokio::task::yield_now().await;
    tokio::task::yield_now().await;
}

#[remote_fn]
fn note(log: &Log, n: i64) {
    log.0.lock().unwrap().push(n);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn async_functions_start_in_order_among_plain_ones() {
    let log = Arc::new(Log::default());
    let api = functions![start_and_wait, note].state(Arc::clone(&log));
    everywhere(offers(functions![]), offers(api), async |here, _there| {
        log.0.lock().unwrap().clear();
        let calls: Vec<_> = (0..200)
            .map(|n| {
                let call = remote_value!(here, start_and_wait(2 * n) -> ());
                remote!(here, note(2 * n + 1)).unwrap();
                call
            })
            .collect();
        for call in calls {
            call.value().await.unwrap();
        }
        here.sync().await.unwrap();
        assert_eq!(*log.0.lock().unwrap(), (0..400).collect::<Vec<_>>());
    })
    .await;
}

#[derive(Default)]
struct Alone {
    inside: AtomicBool,
    met: AtomicBool,
    ran: AtomicUsize,
}

#[remote_fn]
fn alone(alone: &Alone) {
    if alone.inside.swap(true, Ordering::SeqCst) {
        alone.met.store(true, Ordering::SeqCst);
    }
    std::thread::yield_now();
    alone.ran.fetch_add(1, Ordering::SeqCst);
    alone.inside.store(false, Ordering::SeqCst);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_plain_functions_of_one_wire_never_run_at_once() {
    let state = Arc::new(Alone::default());
    let api = functions![alone].state(Arc::clone(&state));
    let (here, _there) = loopback(offers(functions![]), offers(api)).await;
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let here = here.clone();
            tokio::spawn(async move {
                for _ in 0..500 {
                    remote!(here, alone()).unwrap();
                    remote_value!(here, alone() -> ()).value().await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        within(task).await.unwrap();
    }
    assert_eq!(state.ran.load(Ordering::SeqCst), 4000);
    assert!(!state.met.load(Ordering::SeqCst));
}

/// A stream that counts the writes that carried something.
struct Counting {
    stream: DuplexStream,
    writes: Arc<AtomicUsize>,
}

impl AsyncRead for Counting {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Counting {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        octets: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(cx, octets);
        if polled.is_ready() {
            self.writes.fetch_add(1, Ordering::Relaxed);
        }
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[tokio::test]
async fn calls_made_together_are_one_write_and_so_are_their_answers() {
    let (near, far) = tokio::io::duplex(1 << 16);
    let (asked, answered) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let near = Counting { stream: near, writes: Arc::clone(&asked) };
    let far = Counting { stream: far, writes: Arc::clone(&answered) };
    let (here, _there) =
        tokio::join!(Wire::builder().over(near), offers(functions![add, divide]).over(far));
    let here = here.unwrap();
    within(here.sync()).await.unwrap();
    let before = (asked.load(Ordering::Relaxed), answered.load(Ordering::Relaxed));

    let first = remote_value!(here, add(1, 2) -> i64);
    let second = remote_value!(here, divide(9, 2) -> i64);
    remote!(here, add(0, 0)).unwrap();
    let both = within(async { (first.value().await.unwrap(), second.value().await.unwrap()) });
    assert_eq!(both.await, (3, 4));
    let after = (asked.load(Ordering::Relaxed), answered.load(Ordering::Relaxed));
    assert_eq!((after.0 - before.0, after.1 - before.1), (1, 1));
}

mod shared {
    #[wire::remote_fn(package = "math")]
    pub(crate) fn halve(a: i64) -> (i64, bool);

    #[wire::remote_fn]
    pub(crate) fn length(text: &str, more: Vec<String>) -> i64;
}

#[remote_fn(as = shared::halve)]
fn halve(a: i64) -> (i64, bool) {
    (a / 2, a % 2 == 1)
}

#[remote_fn(as = shared::length)]
fn length(text: &str, more: Vec<String>) -> Result<i64, String> {
    let all = text.len() + more.iter().map(String::len).sum::<usize>();
    i64::try_from(all).map_err(|error| error.to_string())
}

#[tokio::test]
async fn typed_calls_reach_what_implements_their_declaration() {
    everywhere(
        offers(functions![]),
        offers(functions![halve, length, add]),
        async |here, _there| {
            assert_eq!(remote_value!(here, <shared::halve>(9)).value().await.unwrap(), 4);
            let both = remote_value_bind!(here, (half, odd) = <shared::halve>(9), { (half, odd) });
            assert_eq!(both.unwrap(), Some((4, true)));
            let more = vec!["de".to_owned()];
            assert_eq!(
                remote_value!(here, <shared::length>("abc", more)).value().await.unwrap(),
                5
            );
            assert_eq!(remote_value!(here, <add>(1, 2)).value().await.unwrap(), 3);
            remote!(here, <add>(1, 2), <shared::halve>(1)).unwrap();
            here.sync().await.unwrap();
        },
    )
    .await;
}

#[remote_fn(name = "1+")]
fn increment(n: i64) -> i64 {
    n + 1
}

#[remote_fn(name = "hemlock::|Beep|")]
fn beep() -> String {
    "beep".to_owned()
}

#[remote_fn(name = "add", package = "strings")]
fn add_strings(a: &str, b: &str) -> String {
    format!("{a}{b}")
}

#[tokio::test]
async fn names_are_read_as_lisp_reads_them() {
    let api = functions![increment, beep, add, add_strings];
    everywhere(offers(functions![]), offers(api), async |here, _there| {
        assert_eq!(remote_value!(here, "1+"(4) -> i64).value().await.unwrap(), 5);
        let beep = remote_value!(here, "hemlock::|Beep|"() -> String).value().await.unwrap();
        assert_eq!(beep, "beep");
        assert!(remote_value!(here, "hemlock::beep"() -> String).await.unwrap().1);
        // One with a package answers there only, and wins there.
        let joined = remote_value!(here, strings::add("a", "b") -> String).value().await.unwrap();
        assert_eq!(joined, "ab");
        assert_eq!(remote_value!(here, numbers::add(1, 2) -> i64).value().await.unwrap(), 3);
        assert_eq!(remote_value!(here, add(1, 2) -> i64).value().await.unwrap(), 3);

        let name = Symbol::read("strings:add").unwrap();
        let joined: String = here.call(&name, &[&"c", &"d"]).value().await.unwrap();
        assert_eq!(joined, "cd");
        here.notify(&Symbol::new("ADD", "ANY"), &[&1, &2]).unwrap();
        here.sync().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn each_form_of_awaiting_tells_its_share() {
    everywhere(
        offers(functions![]),
        offers(functions![add, divide, none]),
        async |here, _there| {
            assert_eq!(remote_value!(here, divide(1, 0) -> i64).await.unwrap(), (None, true));
            let error = remote_value!(here, divide(1, 0) -> i64).value().await.unwrap_err();
            assert!(matches!(&error, CallError::Unwound(why) if why.message() == "no"), "{error}");
            let outcome = remote_value!(here, divide(1, 0) -> i64).outcome().await;
            assert!(matches!(outcome, Outcome::Unwound(_)), "{outcome:?}");
            let outcome = remote_value!(here, add(1, 0) -> i64).outcome().await;
            assert!(matches!(outcome, Outcome::Returned(1)), "{outcome:?}");
            let outcome = remote_value!(here, none() -> i64).outcome().await;
            assert!(matches!(outcome, Outcome::Nil), "{outcome:?}");
            let outcome = remote_value!(here, add(1, 0) -> String).outcome().await;
            assert!(
                matches!(&outcome, Outcome::Failed(error) if error.ran() == Ran::Yes),
                "{outcome:?}"
            );

            let asked = Cell::new(0);
            let substitute = || {
                asked.set(asked.get() + 1);
                -1
            };
            let value = remote_value!(here, divide(1, 0) -> i64, else substitute()).await.unwrap();
            assert_eq!((value, asked.get()), (-1, 1));
            let value = remote_value!(here, divide(4, 2) -> i64, else substitute()).await.unwrap();
            assert_eq!((value, asked.get()), (2, 1));
            let bound = remote_value_bind!(here, (q: i64) = divide(1, 0), q.to_string() else |why| {
                why.message().to_owned()
            });
            assert_eq!(bound.unwrap(), "no");
        },
    )
    .await;
}

#[tokio::test]
async fn arguments_are_evaluated_once_from_left_to_right() {
    let (here, there) = loopback(offers(functions![]), offers(functions![add])).await;
    let order = Mutex::new(Vec::new());
    let next = |n: i64| {
        order.lock().unwrap().push(n);
        n
    };
    remote!(here, add(next(1), next(2)), add(next(3), async { next(4) }.await)).unwrap();
    let sum = remote_value!(here, add(next(5), next(6)) -> i64).value().await.unwrap();
    assert_eq!((sum, order.into_inner().unwrap()), (11, vec![1, 2, 3, 4, 5, 6]));

    fn leave(wire: &Wire) -> Result<(), CallError> {
        remote!(
            wire,
            add(1, 2),
            add(Err::<i64, _>(wire.notify(&Symbol::keyword("X"), &[&Bad]).unwrap_err())?, 2)
        )
    }
    let before = (here.stats().calls_sent, there.stats().calls_received);
    assert!(matches!(leave(&here), Err(CallError::Unsendable { .. })));
    here.sync().await.unwrap();
    assert_eq!(here.stats().calls_sent, before.0 + 1, "the sync alone");
    assert_eq!(there.stats().calls_received, before.1);
}

/// Fails to be sent, having written half of itself.
struct Bad;

impl ToWire for Bad {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        let mut list = out.list(2)?;
        list.element()?.symbol("NEVER-SEEN-BEFORE", "BAD")?;
        Err(Unsendable::said("it is bad"))
    }
}

/// Panics, having written half of itself.
struct Terrible;

impl ToWire for Terrible {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        let mut list = out.list(2)?;
        list.element()?.symbol("NEVER-SEEN-BEFORE", "TERRIBLE")?;
        panic!("it is terrible");
    }
}

#[remote_fn]
fn echo(symbols: Vec<Symbol>) -> Vec<Symbol> {
    symbols
}

#[tokio::test]
async fn a_call_that_cannot_be_encoded_leaves_no_trace() {
    let dialects = [offers(functions![]), offers(functions![]).classic()];
    for here in dialects {
        everywhere(here, offers(functions![add, echo]), async |here, there| {
            here.sync().await.unwrap();
            let before = (here.stats(), there.stats().calls_received);
            let error = remote!(here, add(1, 2), new_name(3, Bad)).unwrap_err();
            let CallError::Unsendable { argument, error: why, .. } = &error else {
                panic!("{error}")
            };
            assert_eq!((*argument, why.to_string().as_str()), (Some(1), "it is bad"));
            assert_eq!(error.ran(), Ran::No);
            let error = remote_value!(here, other_name(Bad) -> i64).value().await.unwrap_err();
            assert!(
                error.to_string().starts_with("OTHER-NAME was not called: argument 1"),
                "{error}"
            );
            let calling = here.clone();
            let panicked = tokio::spawn(async move { remote!(calling, third(1, Terrible)) });
            assert!(panicked.await.unwrap_err().is_panic());
            let calling = here.clone();
            let panicked =
                tokio::spawn(async move { remote_value!(calling, fourth(Terrible) -> i64).await });
            assert!(panicked.await.unwrap_err().is_panic());
            assert_eq!(here.stats(), before.0, "nothing is buffered, nothing counted");

            // The symbols that were rolled back mean themselves when they come again.
            let bad = Symbol::new("NEVER-SEEN-BEFORE", "BAD");
            let symbols = vec![bad, Symbol::new("NEVER-SEEN-BEFORE", "TERRIBLE")];
            for _ in 0..2 {
                let back = remote_value!(here, echo(symbols) -> Vec<Symbol>).value().await;
                assert_eq!(back.unwrap(), symbols);
            }
            assert_eq!(remote_value!(here, add(1, 2) -> i64).value().await.unwrap(), 3);
            assert!(remote_value!(here, other_name(1) -> i64).await.unwrap().1);
            until(|| there.stats().calls_received == before.1 + 4).await;
        })
        .await;
    }
}

#[tokio::test]
async fn calls_of_one_remote_stand_side_by_side() {
    let log = Arc::new(Log::default());
    let api: Functions = functions![note].state(Arc::clone(&log));
    let (here, _there) = loopback(offers(functions![]), offers(api)).await;
    let threads: Vec<_> = (0..4)
        .map(|thread| {
            let here = here.clone();
            tokio::task::spawn_blocking(move || {
                for _ in 0..200 {
                    remote!(here, note(thread), note(thread), note(thread)).unwrap();
                }
            })
        })
        .collect();
    for thread in threads {
        within(thread).await.unwrap();
    }
    within(here.sync()).await.unwrap();
    let log = log.0.lock().unwrap();
    assert_eq!(log.len(), 2400);
    assert!(log.chunks(3).all(|three| three[0] == three[1] && three[1] == three[2]));
}
