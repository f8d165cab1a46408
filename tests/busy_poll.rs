//! A wire's task that stays awake for input does what it does otherwise, and holds nobody up.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

#[path = "support/guard.rs"]
#[expect(dead_code, reason = "each test uses some of it")]
mod support;

use std::process::Stdio;
use std::thread::available_parallelism;
use std::time::Duration;

use support::within;
use tokio::process::{Child, Command};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use wire::{Limits, Wire, WireError, remote, remote_value};

const CALLERS: i64 = 16;
const CALLS: i64 = 500;

/// Longer than any test takes: input comes before, or something else to do.
const LONG: Duration = Duration::from_secs(3600);

/// Held by each test: wires of one process that take turns do not stay awake.
static ALONE: Mutex<()> = Mutex::const_new(());

/// A wire over TCP to a server in another process.
async fn to_another_process(busy_poll: Duration) -> (Wire, Wire, Child) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_peer"));
    command.kill_on_drop(true).stderr(Stdio::null());
    let (parent, child) = within(Wire::builder().spawn(command)).await.unwrap();
    let port = remote_value!(parent, serve() -> Option<u16>).value();
    let port = within(port).await.unwrap().unwrap();
    let builder = Wire::builder().limits(Limits::default().busy_poll(busy_poll));
    let wire = within(builder.connect(("127.0.0.1", port))).await.unwrap();
    (wire, parent, child)
}

/// Calls from many tasks, some of which call for the effect in between.
async fn many_call(wire: &Wire) {
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        let wire = wire.clone();
        callers.spawn(async move {
            for n in 0..CALLS {
                if n % 7 == caller % 7 {
                    remote!(wire, add(n, n)).unwrap();
                }
                let sum = remote_value!(wire, add(caller, n) -> i64).value().await;
                assert_eq!(sum.unwrap(), caller + n);
            }
        });
    }
    within(callers.join_all()).await;
}

/// Calls one after another, of which there is one at a time.
async fn one_calls(wire: &Wire) {
    for n in 0..CALLS {
        let sum = within(remote_value!(wire, add(n, n) -> i64).value()).await;
        assert_eq!(sum.unwrap(), 2 * n);
    }
}

/// Where the peer has a CPU of its own, some of its answers are there before the task sleeps; the
/// more seldom, the more others want the CPUs.
async fn some_are_awaited_awake() {
    let _alone = ALONE.lock().await;
    let (wire, _parent, _child) = to_another_process(LONG).await;
    let several = available_parallelism().is_ok_and(|cpus| cpus.get() > 1);
    let talk = async {
        loop {
            many_call(&wire).await;
            one_calls(&wire).await;
            if wire.stats().reads_awake > 0 || !several {
                break;
            }
        }
    };
    within(talk).await;
    within(wire.sync()).await.unwrap();
    assert_eq!(wire.stats().calls_in_flight, 0);
    // Nobody is left looking for what never comes.
    assert!(matches!(within(wire.close()).await, WireError::Closed));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_are_awaited_awake_on_several_threads() {
    some_are_awaited_awake().await;
}

#[tokio::test]
async fn answers_are_awaited_awake_on_one_thread() {
    some_are_awaited_awake().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn none_are_where_the_limit_is_zero() {
    let _alone = ALONE.lock().await;
    let (wire, _parent, _child) = to_another_process(Duration::ZERO).await;
    many_call(&wire).await;
    assert_eq!(wire.stats().reads_awake, 0);
}

/// After each round of calls the task stays awake for an hour, if nothing else comes.
async fn others_go_on() {
    let _alone = ALONE.lock().await;
    let (wire, _parent, _child) = to_another_process(LONG).await;
    for _ in 0..20 {
        many_call(&wire).await;
        tokio::spawn(async { tokio::time::sleep(Duration::from_millis(1)).await }).await.unwrap();
        let other = within(Wire::connect(wire.peer().to_string())).await.unwrap();
        assert_eq!(within(remote_value!(other, add(1, 2) -> i64).value()).await.unwrap(), 3);
    }
    assert!(matches!(within(wire.close()).await, WireError::Closed));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_task_that_stays_awake_holds_up_none_of_its_thread() {
    others_go_on().await;
}

#[tokio::test]
async fn a_task_that_stays_awake_holds_up_none_of_the_only_thread() {
    others_go_on().await;
}

#[tokio::test]
async fn a_peer_that_goes_is_noticed_by_a_task_that_stays_awake() {
    let _alone = ALONE.lock().await;
    let (wire, _parent, mut child) = to_another_process(LONG).await;
    many_call(&wire).await;
    child.start_kill().unwrap();
    let why = within(wire.closed()).await;
    assert!(!matches!(why, WireError::Closed), "{why}");
}
