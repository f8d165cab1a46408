//! Too much, too large, too deep, too often, and given up.

use std::sync::Arc;

use tokio::time::timeout;
use wire::{
    Builder, CallError, Functions, Limits, Value, Wire, functions, remote, remote_fn, remote_value,
};

use crate::{Door, PATIENCE, add, echo, offered, wait_at};

/// Calls its caller's function of the same name, for ever.
#[remote_fn]
async fn ping_pong(wire: &Wire, depth: i64) -> Result<i64, CallError> {
    remote_value!(wire, ping_pong(depth + 1) -> i64).value().await
}

#[tokio::test]
async fn two_sides_that_call_each_other_for_ever_unwind() {
    for classic in [false, true] {
        let side = || {
            let functions = functions![ping_pong, add];
            let builder = Wire::builder().functions(functions);
            let builder = builder.limits(Limits::default().running_calls(100));
            if classic { builder.classic() } else { builder }
        };
        let (here, there) = side().pair(side()).unwrap();
        let endless = remote_value!(here, ping_pong(0) -> i64).value();
        let error = timeout(PATIENCE, endless).await.unwrap().unwrap_err();
        let CallError::Unwound(reason) = &error else { panic!("{error}") };
        assert!(classic || reason.is("TOO-MANY-CALLS"), "the reason is handed on: {error}");
        assert_eq!(remote_value!(here, add(1, 2) -> i64).value().await.unwrap(), 3);
        assert_eq!(remote_value!(there, add(1, 2) -> i64).value().await.unwrap(), 3);
        assert_eq!(here.stats().calls_in_flight + there.stats().calls_in_flight, 0);
    }
}

#[tokio::test]
async fn two_sides_that_both_write_much_before_they_read_finish() {
    let roomy = || {
        let limits = Limits::default().buffered_output(1 << 30).stall(PATIENCE);
        Wire::builder().functions(offered()).limits(limits)
    };
    let (here, there) = roomy().pair(roomy()).unwrap();
    let big = "x".repeat(1 << 20);
    let many = |wire: &Wire| {
        let calls = (0..64).map(|_| remote_value!(wire, length_of(&big) -> u64));
        calls.collect::<Vec<_>>()
    };
    for call in many(&here).into_iter().chain(many(&there)) {
        assert_eq!(timeout(PATIENCE, call.value()).await.unwrap().unwrap(), 1 << 20);
    }
}

#[tokio::test]
async fn two_sides_that_both_write_much_and_want_no_answer_finish() {
    let roomy = || {
        let limits = Limits::default().buffered_output(1 << 30).stall(PATIENCE);
        Wire::builder().functions(offered()).limits(limits)
    };
    let (here, there) = roomy().pair(roomy()).unwrap();
    let big = "x".repeat(1 << 20);
    for wire in [&here, &there] {
        for _ in 0..64 {
            remote!(wire, length_of(&big)).unwrap();
        }
    }
    let both = async { tokio::join!(here.force_output(), there.force_output()) };
    let (one, other) = timeout(PATIENCE, both).await.expect("they do not wait for each other");
    one.unwrap();
    other.unwrap();
}

#[remote_fn]
fn sum(numbers: Vec<i64>) -> i64 {
    numbers.iter().sum()
}

fn heavy() -> Builder {
    let functions = functions![sum, echo, add];
    Wire::builder().functions(functions).limits(Limits::default().object_weight(1 << 30))
}

#[test]
fn a_million_elements_cross_on_a_small_stack() {
    let run = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(million());
    };
    let thread = std::thread::Builder::new().stack_size(256 << 10).spawn(run).unwrap();
    thread.join().unwrap();
}

async fn million() {
    const MANY: i64 = 1_000_000;
    for classic in [true, false] {
        let side = || if classic { heavy().classic() } else { heavy() };
        let (here, _there) = side().pair(side()).unwrap();
        let numbers: Vec<i64> = (0..MANY).collect();
        let total = remote_value!(here, sum(&numbers) -> i64).value().await.unwrap();
        assert_eq!(total, MANY * (MANY - 1) / 2);
        let list = Value::list((0..MANY).map(Value::from));
        let back = remote_value!(here, echo(&list) -> Value).value().await.unwrap();
        assert_eq!(back, list);
    }
}

#[test]
fn the_deepest_allowed_values_cross_on_a_small_stack() {
    let run = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (here, _there) = Wire::pair(functions![], functions![echo]).unwrap();
            let deep = (0..126).fold(Value::from(1), |inner, _| Value::list([inner]));
            let back = remote_value!(here, echo(&deep) -> Value).value().await.unwrap();
            assert_eq!(back, deep);
            let deeper = (0..100_000).fold(Value::from(1), |inner, _| Value::list([inner]));
            let error = remote_value!(here, echo(&deeper) -> Value).value().await.unwrap_err();
            assert!(matches!(error, CallError::Unsendable { .. }), "{error}");
        });
    };
    let thread = std::thread::Builder::new().stack_size(512 << 10).spawn(run).unwrap();
    thread.join().unwrap();
}

#[remote_fn]
async fn slow(rounds: u64) -> u64 {
    for _ in 0..rounds {
        tokio::task::yield_now().await;
    }
    rounds
}

/// A sequence that only its seed decides.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % limit
    }
}

#[tokio::test]
async fn calls_given_up_at_any_poll_leave_nothing_behind() {
    let side = || Wire::builder().functions(functions![slow, add]);
    for classic in [false, true] {
        let (here, there) = match classic {
            true => side().classic().pair(side().classic()).unwrap(),
            false => side().pair(side()).unwrap(),
        };
        let mut random = Random(7);
        for _ in 0..5000 {
            let call = remote_value!(here, slow(random.below(4)) -> u64);
            if random.below(5) == 0 {
                call.cancel();
                continue;
            }
            // Polled so many times, then dropped.
            let mut polls = random.below(6);
            let call = call.value();
            tokio::pin!(call);
            let polled = std::future::poll_fn(|cx| {
                if call.as_mut().poll(cx).is_ready() || polls == 0 {
                    return std::task::Poll::Ready(());
                }
                polls -= 1;
                cx.waker().wake_by_ref();
                std::task::Poll::Pending
            });
            polled.await;
        }
        assert_eq!(remote_value!(here, add(1, 2) -> i64).value().await.unwrap(), 3);
        let settled = async {
            while here.stats().calls_in_flight > 0 || there.stats().calls_running > 0 {
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, settled).await.expect("every call gets its answer");
        assert!(here.is_open() && there.is_open());
    }
}

#[tokio::test]
async fn a_call_that_waits_disturbs_no_other_and_ends_with_the_wire() {
    let door = Arc::new(Door::default());
    let functions: Functions = functions![wait_at, add].state(Arc::clone(&door));
    let (here, there) = Wire::pair(functions![], functions).unwrap();
    let waits: Vec<_> = (0..1000).map(|_| remote_value!(here, wait_at() -> i64)).collect();
    for n in 0..1000_i64 {
        assert_eq!(remote_value!(here, add(n, 1) -> i64).value().await.unwrap(), n + 1);
    }
    there.abort("enough");
    for wait in waits {
        let error = timeout(PATIENCE, wait.value()).await.unwrap().unwrap_err();
        assert!(matches!(error, CallError::Ended { .. }), "{error}");
    }
}
