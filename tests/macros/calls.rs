//! `remote!` and `remote_value!`: how arguments are evaluated, and what comes of a call.

use std::cell::Cell;
use std::sync::{Arc, Mutex};

use wire::{CallError, Pending, Ran, Wire, functions, remote, remote_fn, remote_value};

use crate::{Tested, pair_with, spawnable};

#[remote_fn]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

#[remote_fn]
fn fail(why: &str) -> Result<i64, String> {
    Err(why.to_owned())
}

#[remote_fn]
fn nothing() {}

#[tokio::test]
async fn arguments_are_evaluated_once_from_left_to_right_and_stay_the_users() -> Tested {
    let (here, _there, log) = pair_with(functions![])?;
    let order = Mutex::new(Vec::new());
    let next = |n: i64| {
        order.lock().unwrap().push(n);
        n
    };
    let text = String::from("kept");
    let wires = Cell::new(0);
    let wire = || {
        wires.set(wires.get() + 1);
        next(0);
        &here
    };
    remote!(wire(), note_both(next(1), text), note(next(2),), "NOTE"(next(3)),)?;
    assert_eq!(*order.lock().unwrap(), [0, 1, 2, 3]);
    assert_eq!(wires.get(), 1);
    assert_eq!(text, "kept");
    here.sync().await?;
    assert_eq!(log.take(), ["1 \"kept\"", "2", "3"]);
    Ok(())
}

#[tokio::test]
async fn a_question_mark_and_a_return_leave_before_anything_is_buffered() -> Tested {
    fn call(wire: &Wire, number: Result<i64, CallError>, stop: bool) -> Result<i64, CallError> {
        remote!(wire, note(1), note_both(number?, if stop { return Ok(1) } else { 2 }))?;
        Ok(0)
    }
    async fn value(wire: &Wire, number: Option<i64>) -> Option<i64> {
        remote_value!(wire, add(number?, 1) -> i64).value().await.ok()
    }
    let (here, _there, log) = pair_with(functions![add])?;
    let error = remote_value!(here, no_such_function() -> ()).value().await.unwrap_err();
    assert!(call(&here, Err(error), false).is_err());
    assert_eq!(call(&here, Ok(5), true)?, 1);
    assert_eq!(value(&here, None).await, None);
    here.sync().await?;
    assert_eq!(log.take(), [""; 0]);
    assert_eq!(call(&here, Ok(5), false)?, 0);
    assert_eq!(value(&here, Some(4)).await, Some(5));
    assert_eq!(log.take(), ["1", "5 2"]);
    Ok(())
}

#[tokio::test]
async fn an_argument_may_be_awaited_and_the_futures_can_be_spawned() -> Tested {
    let (here, _there, log) = pair_with(functions![add])?;
    let task = tokio::spawn(async move {
        remote!(here, note(async { 1 }.await))?;
        let sum = remote_value!(here, add(async { 2 }.await, 3) -> i64);
        remote_value!(here, add(sum.value().await?, 4) -> i64).value().await
    });
    assert_eq!(task.await??, 9);
    assert_eq!(log.take(), ["1"]);
    Ok(())
}

#[tokio::test]
async fn what_an_argument_locks_is_free_before_anything_is_awaited() -> Tested {
    async fn count(wire: &Wire, counter: &Mutex<i64>) -> Result<i64, CallError> {
        let sum = remote_value!(wire, add(*counter.lock().unwrap(), 1) -> i64).value().await?;
        remote_value!(wire, add(*counter.lock().unwrap(), 1) -> i64, else {
            *counter.lock().unwrap()
        })
        .await?;
        remote!(wire, note(*counter.lock().unwrap()))?;
        *counter.lock().unwrap() += sum;
        Ok(sum)
    }
    let (here, _there, _log) = pair_with(functions![add])?;
    let counter = Mutex::new(1);
    assert_eq!(spawnable(count(&here, &counter)).await?, 2);
    assert_eq!(*counter.lock().unwrap(), 3);
    Ok(())
}

#[tokio::test]
async fn a_pending_call_borrows_nothing() -> Tested {
    fn lasting<T: Send + Unpin + 'static>(pending: Pending<T>) -> Pending<T> {
        fn check<P: Send + Unpin + 'static>(_: &P) {}
        check(&pending);
        pending
    }
    let (here, _there, _log) = pair_with(functions![add])?;
    let pending = {
        let (text, handle) = (2, here.clone());
        lasting(remote_value!(handle, add(text, 3) -> i64))
    };
    assert_eq!(tokio::spawn(pending).await??, (Some(5), false));
    Ok(())
}

#[tokio::test]
async fn a_call_returns_or_returns_nil_or_unwinds_or_fails() -> Tested {
    let (here, _there, _log) = pair_with(functions![add, fail, nothing])?;
    assert_eq!(remote_value!(here, add(2, 3) -> i64).await?, (Some(5), false));
    assert_eq!(remote_value!(here, nothing() -> i64).await?, (None, false));
    assert_eq!(remote_value!(here, nothing() -> ()).await?, (Some(()), false));
    assert_eq!(remote_value!(here, fail("no") -> i64).await?, (None, true));
    let error = remote_value!(here, add(2, 3) -> String).await.unwrap_err();
    assert_eq!(error.ran(), Ran::Yes);

    let sum: i64 = remote_value!(&here, add(2, 3)).value().await?;
    assert_eq!(sum, 5);
    let error = remote_value!(here, fail("no") -> i64).value().await.unwrap_err();
    assert!(error.to_string().contains("no"), "{error}");
    Ok(())
}

#[tokio::test]
async fn the_part_after_else_is_evaluated_only_on_unwinding() -> Tested {
    let (here, _there, _log) = pair_with(functions![add, fail])?;
    let fallback = 7;
    let counted = Cell::new(0);
    let otherwise = || {
        counted.set(counted.get() + 1);
        fallback
    };
    assert_eq!(remote_value!(here, add(1, 1) -> i64, else otherwise(),).await?, 2);
    assert_eq!(counted.get(), 0);
    assert_eq!(remote_value!(here, fail("no") -> i64, else otherwise()).await?, 7);
    assert_eq!(counted.get(), 1);
    let number: u8 = remote_value!(here, add(1, 1), else panic!("it returns")).await?;
    assert_eq!(number, 2);
    Ok(())
}

#[tokio::test]
async fn the_wire_is_anything_that_derefs_to_one() -> Tested {
    struct Client {
        wire: Wire,
    }
    let (here, _there, _log) = pair_with(functions![add])?;
    let client = Client { wire: here.clone() };
    let shared = Arc::new(here);
    let hasty = std::time::Duration::from_secs(600);
    assert_eq!(remote_value!(client.wire, add(1, 1) -> i64).value().await?, 2);
    assert_eq!(remote_value!(&client.wire, add(1, 2) -> i64).value().await?, 3);
    assert_eq!(remote_value!(shared, add(1, 3) -> i64).value().await?, 4);
    assert_eq!(remote_value!(shared.timeout(hasty), add(1, 4) -> i64).value().await?, 5);
    assert_eq!(remote_value!({ shared.clone() }, add(1, 5) -> i64).value().await?, 6);
    Ok(())
}

#[tokio::test]
async fn names_are_read_as_lisp_reads_them() -> Tested {
    let (here, _there, log) = pair_with(functions![])?;
    remote!(
        here,
        note(1),
        common_lisp_user::note(2),
        anything::note(3),
        "note"(4),
        "elsewhere:note"(5),
        "|NOTE|"(6),
    )?;
    here.sync().await?;
    assert_eq!(log.take(), ["1", "2", "3", "4", "5", "6"]);
    let error = remote_value!(here, "|Note|"(1) -> ()).value().await.unwrap_err();
    assert!(error.to_string().contains("no function Note"), "{error}");
    Ok(())
}
