//! An unwinding anywhere in a tree unwinds the whole, and nothing after it is run.

use wire::{CallError, Ran, Unsendable, Unwound, Value, Wire, functions, remote_fn, remote_value};

use crate::{Run, in_both_dialects};

#[remote_fn]
fn fail(run: &Run, value: i64) -> Result<i64, String> {
    run.note("fail");
    Err(format!("{value} will not do"))
}

#[remote_fn]
async fn fail_late(run: &Run) -> Result<i64, String> {
    run.note("fail");
    tokio::task::yield_now().await;
    Err("it was late".to_owned())
}

#[remote_fn(blocking)]
fn fail_blocking(run: &Run) -> Result<i64, String> {
    run.note("fail");
    Err("it was blocked".to_owned())
}

#[remote_fn]
fn crash(run: &Run) -> i64 {
    run.note("fail");
    panic!("on purpose")
}

#[remote_fn]
async fn crash_late(run: &Run) -> i64 {
    run.note("fail");
    tokio::task::yield_now().await;
    panic!("on purpose, late")
}

#[remote_fn(blocking)]
fn crash_blocking(run: &Run) -> i64 {
    run.note("fail");
    panic!("on purpose, blocking")
}

/// Its value is a call, which nobody evaluates.
#[remote_fn]
fn unsendable(run: &Run) -> Unsent {
    run.note("fail");
    Unsent
}

struct Unsent;

impl wire::ToWire for Unsent {
    fn to_wire(&self, out: &mut wire::Encoder<'_>) -> Result<(), Unsendable> {
        let name = wire::Symbol::new("ADD", "COMMON-LISP-USER");
        wire::Call::new(&name, &[&1, &2]).to_wire(out)
    }
}

fn failing() -> wire::Functions {
    let panicking = functions![crash, crash_late, crash_blocking];
    functions![fail, fail_late, fail_blocking, unsendable].merge(panicking)
}

/// What the peer tells of an unwinding, if it is of the extended dialect; the call has ended as
/// one, and the wire is alive.
async fn unwound(here: &Wire, error: CallError) -> Option<Unwound> {
    let CallError::Unwound(reason) = error else { panic!("{error}") };
    assert_eq!(remote_value!(here, add(1, 1) -> i64).value().await.unwrap(), 2);
    here.is_extended().then_some(reason)
}

#[tokio::test]
async fn nothing_behind_an_unwinding_is_run_whatever_unwinds() {
    in_both_dialects(failing(), async |here, run| {
        // Panics are printed by whoever sets the hook; here they are expected.
        for (name, said) in [
            ("fail", "5 will not do"),
            ("fail-late", "it was late"),
            ("fail-blocking", "it was blocked"),
            ("crash", "on purpose"),
            ("crash-late", "on purpose, late"),
            ("crash-blocking", "on purpose, blocking"),
            ("unsendable", "not in a value"),
        ] {
            let symbol = wire::Symbol::read(name).unwrap();
            let five: &[&dyn wire::ToWire] = if name == "fail" { &[&5] } else { &[] };
            let failing = wire::Call::new(&symbol, five);
            let before = here.stats();
            let tree = remote_value!(here, sum(
                @plain("before", 1),
                @plain("around", failing),
                @plain("behind", 3),
            ) -> i64);
            let error = tree.value().await.unwrap_err();
            assert_eq!(run.take(), ["before", "fail"], "{name}");
            assert_eq!(here.stats().answers_received, before.answers_received + 1, "{name}");
            if let Some(reason) = unwound(&here, error).await {
                assert_eq!(reason.function(), Some(&*name.to_uppercase()));
                assert!(reason.message().contains(said), "{name}: {reason}");
                assert_eq!(reason.ran(), Ran::Yes);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_known_to_fail_keeps_the_whole_from_running() {
    in_both_dialects(functions![], async |here, run| {
        let undefined = remote_value!(here, sum(@plain("a", 1), 2, @plian("b", 3)) -> i64);
        let miscounted = remote_value!(here, sum(@plain("a", 1), @add(1), 3) -> i64);
        let miscounted_top = remote_value!(here, add(@plain("a", 1), 2, 3) -> i64);
        let undefined_top = remote_value!(here, smu(@plain("a", 1), @plain("b", 2)) -> i64);
        for (tree, function) in [
            (undefined, "PLIAN"),
            (miscounted, "ADD"),
            (miscounted_top, "ADD"),
            (undefined_top, "SMU"),
        ] {
            let error = tree.value().await.unwrap_err();
            if let Some(reason) = unwound(&here, error).await {
                assert_eq!(reason.function(), Some(function));
                assert_eq!(reason.ran(), Ran::No, "{function}");
            }
        }
        assert_eq!(run.take(), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_value_that_does_not_fit_is_told_of_the_function_that_took_it() {
    #[remote_fn]
    fn text(run: &Run) -> String {
        run.note("text");
        "text".to_owned()
    }

    in_both_dialects(functions![text], async |here, run| {
        let first = remote_value!(here, add(@add("x", 1), @plain("behind", 1)) -> i64);
        let error = first.value().await.unwrap_err();
        if let Some(reason) = unwound(&here, error).await {
            assert_eq!((reason.function(), reason.ran()), (Some("ADD"), Ran::No));
        }
        for top in [false, true] {
            let tree = match top {
                false => remote_value!(here, sum(@add(1, @text()), @plain("behind", 1), 2) -> i64),
                true => remote_value!(here, add(1, @text()) -> i64),
            };
            let error = tree.value().await.unwrap_err();
            assert_eq!(run.take(), ["text"]);
            if let Some(reason) = unwound(&here, error).await {
                // The function that refuses it was not run; calling again runs the other twice.
                assert_eq!((reason.function(), reason.ran()), (Some("ADD"), Ran::Yes));
                let said = "argument 2 (`b`) of ADD: expected i64, found the string \"text\"";
                assert_eq!(reason.message(), said);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_reason_that_is_withheld_is_withheld_from_within_too() {
    let api = failing().state(std::sync::Arc::new(Run::default())).withhold_reasons();
    let (here, _there) = Wire::pair(functions![], api).unwrap();
    let error = remote_value!(here, fail(@fail(1)) -> Value).value().await.unwrap_err();
    let CallError::Unwound(reason) = error else { panic!("{error}") };
    assert_eq!((reason.message(), reason.function(), reason.ran()), ("", None, Ran::Yes));
}
