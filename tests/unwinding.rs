//! Calls without a value: why, what their callers are told, and who gives up.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod support;

use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use support::{everywhere, loopback, offers, until, within};
use tokio::sync::{Notify, Semaphore};
use wire::{
    Builder, CallError, Encoder, FromWire, Limits, Outcome, Ran, ToWire, Unsendable, Unwound,
    Value, Wire, functions, record_panic_locations, remote, remote_fn, remote_value,
};

/// The reason that a call unwound for.
async fn reason<T>(call: impl Future<Output = Result<T, CallError>>) -> Unwound {
    match within(call).await {
        Err(CallError::Unwound(unwound)) => unwound,
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("it must unwind"),
    }
}

#[remote_fn]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

#[remote_fn]
fn panics(text: String) -> i64 {
    panic!("not with {text}");
}

#[remote_fn]
async fn panics_later(text: String) -> i64 {
    tokio::task::yield_now().await;
    panic!("not with {text}");
}

#[remote_fn(blocking)]
fn panics_elsewhere(text: String) -> i64 {
    panic!("not with {text}");
}

#[remote_fn]
fn panics_oddly() {
    std::panic::panic_any(7_u8);
}

#[tokio::test]
async fn a_panic_unwinds_its_caller_with_its_message_and_nobody_else() {
    let api = functions![add, panics, panics_later, panics_elsewhere, panics_oddly];
    everywhere(Wire::builder(), offers(api), async |here, _there| {
        let other = remote_value!(here, add(1, 1) -> i64);
        let all = [
            reason(remote_value!(here, panics("sugar") -> i64).value()).await,
            reason(remote_value!(here, panics_later("sugar") -> i64).value()).await,
            reason(remote_value!(here, panics_elsewhere("sugar") -> i64).value()).await,
        ];
        for (why, name) in all.iter().zip(["PANICS", "PANICS-LATER", "PANICS-ELSEWHERE"]) {
            assert!(why.is("PANIC"), "{why:?}");
            assert_eq!((why.message(), why.function()), ("not with sugar", Some(name)));
            assert_eq!(why.ran(), Ran::Yes);
        }
        let why = reason(remote_value!(here, panics_oddly() -> ()).value()).await;
        assert!(why.is("PANIC"), "{why}");
        remote!(here, panics("nobody waits")).unwrap();
        assert_eq!(other.value().await.unwrap(), 2);
        assert_eq!(remote_value!(here, add(2, 2) -> i64).value().await.unwrap(), 4);
    })
    .await;
}

#[tokio::test]
async fn a_panics_place_is_told_once_the_program_records_it() {
    let (here, _there) = Wire::pair(functions![], functions![panics, panics_later]).unwrap();
    let why = reason(remote_value!(here, panics("x") -> i64).value()).await;
    assert_eq!(why.location(), None);
    record_panic_locations();
    record_panic_locations();
    for why in [
        reason(remote_value!(here, panics("x") -> i64).value()).await,
        reason(remote_value!(here, panics_later("x") -> i64).value()).await,
    ] {
        assert!(why.location().is_some_and(|place| place.starts_with(file!())), "{why:?}");
    }
}

#[derive(Debug)]
struct LockedError(std::num::ParseIntError);

impl fmt::Display for LockedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the door is locked")
    }
}

impl std::error::Error for LockedError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[remote_fn]
fn open_door(key: &str) -> Result<i64, LockedError> {
    key.parse().map_err(LockedError)
}

#[remote_fn]
async fn boxed(key: String) -> Result<i64, Box<dyn std::error::Error + Send + Sync>> {
    Ok(key.parse()?)
}

#[tokio::test]
async fn an_error_unwinds_with_its_kind_and_its_sources() {
    everywhere(Wire::builder(), offers(functions![open_door, boxed]), async |here, _there| {
        let why = reason(remote_value!(here, open_door("x") -> i64).value()).await;
        assert!(why.is("LOCKED-ERROR"), "{why:?}");
        assert_eq!(why.message(), "the door is locked: invalid digit found in string");
        assert_eq!((why.function(), why.ran(), why.value()), (Some("OPEN-DOOR"), Ran::Yes, None));
        let why = reason(remote_value!(here, boxed("x") -> i64).value()).await;
        assert_eq!(why.message(), "invalid digit found in string");
        assert_eq!(remote_value!(here, open_door("7") -> i64).value().await.unwrap(), 7);
    })
    .await;
}

#[derive(Debug, PartialEq, ToWire, FromWire)]
enum DivideError {
    ByZero,
    TooLarge { limit: i64 },
}

impl fmt::Display for DivideError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot divide: {self:?}")
    }
}

impl std::error::Error for DivideError {}

#[remote_fn(unwinds = DivideError)]
fn divide(a: i64, b: i64) -> Result<i64, DivideError> {
    match (a, b) {
        (_, 0) => Err(DivideError::ByZero),
        (1000.., _) => Err(DivideError::TooLarge { limit: 999 }),
        _ => Ok(a / b),
    }
}

#[tokio::test]
async fn the_error_itself_goes_to_a_peer_that_can_take_it() {
    everywhere(Wire::builder(), offers(functions![divide]), async |here, _there| {
        let why = reason(remote_value!(here, divide(1, 0) -> i64).value()).await;
        assert_eq!(why.value(), Some(&Value::keyword("BY-ZERO")));
        let why = reason(remote_value!(here, divide(1000, 1) -> i64).value()).await;
        assert_eq!(why.value().unwrap().to_string(), "(:TOO-LARGE :LIMIT 999)");
        assert!(why.is("DIVIDE-ERROR") && why.message().contains("TooLarge"), "{why:?}");
    })
    .await;
}

#[remote_fn(name = "write-string", package = "PRINTER")]
fn write_string(_text: &str) {}

#[tokio::test]
async fn an_unknown_function_is_told_with_the_nearest_name() {
    everywhere(Wire::builder(), offers(functions![add, divide, write_string]), async |here, _| {
        let why = reason(remote_value!(here, divde(1, 1) -> i64).value()).await;
        assert!(why.is("UNDEFINED-FUNCTION"), "{why:?}");
        assert_eq!(
            why.message(),
            "no function DIVDE can be called over this wire; did you mean DIVIDE?"
        );
        assert_eq!(why.ran(), Ran::No);
        let why = reason(remote_value!(here, quite_else() -> i64).value()).await;
        assert!(!why.message().contains("did you mean"), "{why}");
        let why = reason(remote_value!(here, screen::write_string("x") -> ()).value()).await;
        assert!(why.message().contains("package PRINTER"), "{why}");
    })
    .await;
}

#[tokio::test]
async fn arguments_that_do_not_fit_name_the_function_the_argument_and_both_types() {
    everywhere(Wire::builder(), offers(functions![add]), async |here, _there| {
        let why = reason(remote_value!(here, add(1) -> i64).value()).await;
        assert!(why.is("WRONG-ARGUMENTS"), "{why:?}");
        assert_eq!(why.message(), "ADD takes 2 arguments (a: i64, b: i64), and got 1");
        assert_eq!(why.ran(), Ran::No);
        let why = reason(remote_value!(here, add(1, 2, 3) -> i64).value()).await;
        assert!(why.message().ends_with("got 3"), "{why}");

        let why = reason(remote_value!(here, add(1, "two") -> i64).value()).await;
        assert!(why.is("WRONG-ARGUMENTS"), "{why:?}");
        let message = why.message();
        for part in ["argument 2", "`b`", "ADD", "i64", "\"two\""] {
            assert!(message.contains(part), "{part} is missing in: {message}");
        }
        assert_eq!(why.ran(), Ran::No);
        let why = reason(remote_value!(here, add(u64::MAX, 2) -> i64).value()).await;
        assert!(why.message().contains("argument 1") && why.message().contains("i64"), "{why}");

        let error = remote_value!(here, add(1, 2) -> String).value().await.unwrap_err();
        let message = error.to_string();
        for part in ["ADD", "String", "the integer 3"] {
            assert!(message.contains(part), "{part} is missing in: {message}");
        }
        assert_eq!(error.ran(), Ran::Yes);
    })
    .await;
}

#[remote_fn]
fn take_deep(_value: Value) {}

fn nested(depth: usize) -> Value {
    (0..depth).fold(Value::Nil, |inner, _| Value::list([inner]))
}

#[tokio::test]
async fn what_passes_a_limit_is_refused_alone() {
    let limits = Limits::default().depth(20).object_weight(10_000);
    let there = offers(functions![add, take_deep]).limits(limits);
    everywhere(Wire::builder().classic(), there.clone(), async |here, there| {
        let neighbour = remote_value!(here, add(1, 2) -> i64);
        let deep = remote_value!(here, take_deep(nested(40)) -> ()).await.unwrap();
        assert_eq!(deep, (None, true));
        let heavy = remote_value!(here, take_deep("x".repeat(20_000)) -> ()).await.unwrap();
        assert_eq!(heavy, (None, true));
        assert_eq!(neighbour.value().await.unwrap(), 3);
        assert_eq!(remote_value!(here, add(2, 2) -> i64).value().await.unwrap(), 4);
        assert_eq!(there.stats().objects_refused, 2);
    })
    .await;
    // A peer that was told the limits refuses to send, and names the limit.
    everywhere(Wire::builder(), there, async |here, there| {
        let deep = remote_value!(here, take_deep(nested(40)) -> ()).await.unwrap_err();
        assert!(matches!(&deep, CallError::Unsendable { .. }), "{deep}");
        assert!(deep.to_string().contains("20 levels"), "{deep}");
        let heavy = remote_value!(here, take_deep("x".repeat(20_000)) -> ()).await.unwrap_err();
        assert!(heavy.to_string().contains("10000"), "{heavy}");
        assert_eq!(there.stats().objects_refused, 0);
    })
    .await;
}

#[remote_fn]
async fn ask_back(wire: &Wire) -> Result<i64, CallError> {
    let value = remote_value!(wire, open_door("crowbar") -> i64).value().await?;
    Ok(value)
}

#[remote_fn]
async fn ask_back_plainly(wire: &Wire) -> Result<i64, Unwound> {
    match remote_value!(wire, open_door("crowbar") -> i64).outcome().await {
        Outcome::Unwound(unwound) => Err(unwound),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_unwinding_passed_on_keeps_its_chain() {
    let there = functions![ask_back, ask_back_plainly];
    everywhere(offers(functions![open_door]), offers(there), async |here, _there| {
        let why = reason(remote_value!(here, ask_back() -> i64).value()).await;
        assert!(why.is("LOCKED-ERROR"), "{why:?}");
        for part in ["OPEN-DOOR", "the door is locked", "invalid digit"] {
            assert!(why.message().contains(part), "{part} is missing in {why}");
        }
        assert_eq!(why.function(), Some("ASK-BACK"));
        let why = reason(remote_value!(here, ask_back_plainly() -> i64).value()).await;
        assert!(why.is("LOCKED-ERROR") && why.message().contains("invalid digit"), "{why:?}");
    })
    .await;
}

#[tokio::test]
async fn a_side_can_keep_its_reasons_to_itself() {
    let there = functions![open_door, panics, boxed, divide].withhold_reasons();
    everywhere(Wire::builder(), offers(there), async |here, _there| {
        for why in [
            reason(remote_value!(here, open_door("x") -> i64).value()).await,
            reason(remote_value!(here, panics("secret") -> i64).value()).await,
            reason(remote_value!(here, boxed("x") -> i64).value()).await,
            reason(remote_value!(here, divide(1, 0) -> i64).value()).await,
            reason(remote_value!(here, divde(1, 0) -> i64).value()).await,
            reason(remote_value!(here, divide(1) -> i64).value()).await,
        ] {
            assert_eq!((why.message(), why.condition(), why.location()), ("", None, None));
            assert_eq!((why.function(), why.value()), (None, None));
        }
    })
    .await;
}

#[tokio::test]
async fn a_classic_peer_learns_the_fact_alone() {
    let there = functions![open_door, panics, add];
    everywhere(Wire::builder().classic(), offers(there), async |here, _there| {
        for why in [
            reason(remote_value!(here, open_door("x") -> i64).value()).await,
            reason(remote_value!(here, panics("x") -> i64).value()).await,
            reason(remote_value!(here, nobody("x") -> i64).value()).await,
        ] {
            assert_eq!((why.message(), why.condition()), ("", None));
            assert_eq!(why.ran(), Ran::Maybe);
        }
        assert_eq!(remote_value!(here, add(1, 2) -> i64).value().await.unwrap(), 3);
    })
    .await;
}

/// Says that it was dropped.
struct Dropping(Arc<AtomicUsize>);

impl Drop for Dropping {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

struct Hall {
    entered: Notify,
    left: Arc<AtomicUsize>,
    door: Semaphore,
}

impl Hall {
    fn new() -> Arc<Self> {
        let left = Arc::default();
        Arc::new(Self { entered: Notify::new(), left, door: Semaphore::new(0) })
    }
}

#[remote_fn]
async fn stay(hall: &Hall) -> i64 {
    let _dropping = Dropping(Arc::clone(&hall.left));
    hall.entered.notify_one();
    hall.door.acquire().await.unwrap().forget();
    1
}

#[tokio::test]
async fn a_pending_that_is_dropped_is_forgotten_when_its_answer_comes() {
    let hall = Hall::new();
    let api = functions![stay, add].state(Arc::clone(&hall));
    everywhere(Wire::builder(), offers(api), async |here, _there| {
        let before = hall.left.load(Ordering::SeqCst);
        let call = remote_value!(here, stay() -> i64);
        drop(here.force_output());
        hall.entered.notified().await;
        drop(call);
        here.sync().await.unwrap();
        assert_eq!(here.stats().calls_in_flight, 1, "the entry waits for the answer");
        assert_eq!(hall.left.load(Ordering::SeqCst), before, "the peer goes on");
        hall.door.add_permits(1);
        until(|| here.stats().calls_in_flight == 0).await;
        assert_eq!(remote_value!(here, add(1, 2) -> i64).value().await.unwrap(), 3);
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_call_stops_where_it_waits_and_is_answered_once() {
    let hall = Hall::new();
    let api = functions![stay, add].state(Arc::clone(&hall));
    everywhere(Wire::builder(), offers(api), async |here, there| {
        let (left, answers) = (hall.left.load(Ordering::SeqCst), there.stats().answers_sent);
        let call = remote_value!(here, stay() -> i64);
        drop(here.force_output());
        hall.entered.notified().await;
        call.cancel();
        until(|| hall.left.load(Ordering::SeqCst) == left + 1).await;
        until(|| here.stats().calls_in_flight == 0).await;
        assert_eq!(there.stats().answers_sent, answers + 1);
        assert_eq!(there.stats().calls_running, 0);
        assert_eq!(remote_value!(here, add(1, 2) -> i64).value().await.unwrap(), 3);
    })
    .await;
}

#[tokio::test]
async fn a_timeout_belongs_to_its_handle_and_says_whether_the_call_may_have_run() {
    let hall = Hall::new();
    let api = functions![stay, add].state(Arc::clone(&hall));
    everywhere(Wire::builder(), offers(api), async |here, _there| {
        let hasty = here.timeout(Duration::from_millis(5)).clone();
        let error = remote_value!(hasty, stay() -> i64).await.unwrap_err();
        assert!(matches!(error, CallError::TimedOut { ran: Ran::Maybe, .. }), "{error}");
        assert_eq!(error.to_string(), "STAY did not answer within 5ms");
        let patient = remote_value!(here, stay() -> i64);
        hall.door.add_permits(2);
        assert_eq!(patient.value().await.unwrap(), 1);
        until(|| here.stats().calls_in_flight == 0).await;
    })
    .await;

    // Nobody reads: the call stands in the buffer, and still runs if somebody does.
    let (near, _far) = tokio::io::duplex(16);
    let here = Wire::builder().classic().over(near).await.unwrap();
    let hasty = here.timeout(Duration::from_millis(5));
    let error = within(remote_value!(hasty, add(1, "x".repeat(100)) -> i64)).await.unwrap_err();
    assert!(matches!(error, CallError::TimedOut { ran: Ran::Maybe, .. }), "{error:?}");
    let calling = hasty.clone();
    let waited = move || remote_value!(calling, add(1, 2) -> i64).value().wait();
    let error = within(tokio::task::spawn_blocking(waited)).await.unwrap().unwrap_err();
    assert!(matches!(error, CallError::TimedOut { ran: Ran::Maybe, .. }), "{error:?}");
}

/// What blocking calls came to.
#[derive(Default)]
struct Seen(Mutex<Vec<String>>);

#[remote_fn]
fn waits_plainly(wire: &Wire, seen: &Seen) -> i64 {
    let result = remote_value!(wire, add(1, 2) -> i64).value().wait();
    seen.0.lock().unwrap().push(result.unwrap_err().to_string());
    7
}

#[remote_fn]
async fn waits_while_polled(wire: &Wire, seen: &Seen) -> i64 {
    tokio::task::yield_now().await;
    let result = remote_value!(wire, add(1, 2) -> i64).wait();
    assert!(matches!(result, Err(CallError::WouldDeadlock { .. })));
    seen.0.lock().unwrap().push(result.unwrap_err().to_string());
    8
}

#[remote_fn(blocking)]
fn waits_elsewhere(wire: &Wire) -> Result<i64, CallError> {
    Ok(remote_value!(wire, add(1, 2) -> i64).value().wait()? * 3)
}

#[tokio::test]
async fn blocking_fails_where_it_would_wait_for_itself_and_works_elsewhere() {
    let seen = Arc::new(Seen::default());
    let api = functions![waits_plainly, waits_while_polled, waits_elsewhere];
    let api = api.state(Arc::clone(&seen));
    everywhere(offers(functions![add]), offers(api), async |here, _there| {
        assert_eq!(remote_value!(here, waits_plainly() -> i64).value().await.unwrap(), 7);
        assert_eq!(remote_value!(here, waits_while_polled() -> i64).value().await.unwrap(), 8);
        assert_eq!(remote_value!(here, waits_elsewhere() -> i64).value().await.unwrap(), 9);
        let seen = std::mem::take(&mut *seen.0.lock().unwrap());
        assert_eq!(seen.len(), 2);
        for error in seen {
            assert!(error.starts_with("ADD: blocking here would wait for ourselves"), "{error}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thread_without_a_runtime_may_wait() {
    let (here, _there) = loopback(Wire::builder(), offers(functions![add])).await;
    let thread = std::thread::spawn(move || {
        (0..100).map(|n| remote_value!(here, add(n, 1) -> i64).value().wait().unwrap()).sum::<i64>()
    });
    until(|| thread.is_finished()).await;
    assert_eq!(thread.join().unwrap(), 5050);
}

/// Uses a wire where none may be used.
struct Meddling(Wire);

impl ToWire for Meddling {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        let error = remote!(self.0, add(1, 2)).unwrap_err();
        assert!(matches!(error, CallError::WouldDeadlock { .. }));
        let waited = remote_value!(self.0, add(1, 2) -> i64).wait().unwrap_err();
        assert!(matches!(waited, CallError::WouldDeadlock { .. }));
        let handle = self.0.clone();
        drop(handle);
        out.string(&error.to_string())
    }
}

/// Asks a wire for what needs its lock.
struct Prying(Wire);

impl ToWire for Prying {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        out.boolean(self.0.is_open())
    }
}

#[remote_fn]
fn length(text: &str) -> i64 {
    text.len() as i64
}

#[tokio::test]
async fn a_wire_used_inside_of_to_wire_fails_and_goes_on() {
    everywhere(Wire::builder(), offers(functions![add, length]), async |here, _there| {
        let call = remote_value!(here, length(Meddling(here.clone())) -> i64).value();
        assert!(call.await.unwrap() > 0);
        let prying = here.clone();
        let pried = tokio::spawn(async move { remote!(prying, length(Prying(prying.clone()))) });
        assert!(pried.await.unwrap_err().is_panic());
        assert_eq!(remote_value!(here, add(1, 2) -> i64).value().await.unwrap(), 3);
    })
    .await;
}

/// A value that cannot be sent, or not even looked at.
#[remote_fn]
fn bad_value(panics: bool) -> Unruly {
    Unruly(panics)
}

struct Unruly(bool);

impl ToWire for Unruly {
    fn to_wire(&self, _out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        assert!(!self.0, "not to be sent");
        Err(Unsendable::said("it refuses"))
    }
}

#[tokio::test]
async fn a_value_that_cannot_be_sent_unwinds() {
    let dialects: [Builder; 2] = [Wire::builder(), Wire::builder().classic()];
    for here in dialects {
        everywhere(here, offers(functions![bad_value, add]), async |here, there| {
            for panics in [false, true] {
                let why = reason(remote_value!(here, bad_value(panics) -> ()).value()).await;
                if here.is_extended() {
                    let told = why.is("NOT-SENDABLE") && why.message().contains("it refuses")
                        || why.is("PANIC") && why.message() == "not to be sent";
                    assert!(told, "{why}");
                }
            }
            assert_eq!(remote_value!(here, add(1, 2) -> i64).value().await.unwrap(), 3);
            assert_eq!(there.stats().answers_sent, 3);
        })
        .await;
    }
}

#[tokio::test]
async fn too_many_calls_at_once_are_refused_at_either_end() {
    let hall = Hall::new();
    let there = offers(functions![stay, add].state(Arc::clone(&hall)))
        .limits(Limits::default().running_calls(2));
    let here = Wire::builder().limits(Limits::default().waiting_calls(4));
    everywhere(here, there, async |here, _there| {
        let first = remote_value!(here, stay() -> i64);
        let second = remote_value!(here, stay() -> i64);
        let why = reason(remote_value!(here, stay() -> i64).value()).await;
        assert!(why.is("TOO-MANY-CALLS") && why.message().contains("running_calls"), "{why}");
        assert_eq!(why.ran(), Ran::No);
        assert_eq!(remote_value!(here, add(1, 2) -> i64).value().await.unwrap(), 3);

        let third = remote_value!(here, add(1, 2) -> i64);
        let fourth = remote_value!(here, add(1, 2) -> i64);
        let error = remote_value!(here, add(1, 2) -> i64).await.unwrap_err();
        assert!(matches!(error, CallError::TooManyWaiting { limit: 4, .. }), "{error}");
        assert!(error.to_string().contains("waiting_calls"), "{error}");
        hall.door.add_permits(2);
        assert_eq!(first.value().await.unwrap() + second.value().await.unwrap(), 2);
        assert_eq!(third.value().await.unwrap() + fourth.value().await.unwrap(), 6);
    })
    .await;
}
