//! In which order the calls of a tree run, and when it starts among its neighbours.

use std::sync::Arc;

use tokio::sync::Notify;
use wire::{CallError, Wire, functions, remote, remote_fn, remote_value, remote_value_bind};

use crate::support::until;
use crate::support::{everywhere, offers};
use crate::{Run, add, in_both_dialects};

#[tokio::test]
async fn the_innermost_and_leftmost_runs_first_wherever_each_runs() {
    in_both_dialects(functions![], async |here, run| {
        let tree = remote_value!(here, sum(
            @plain("a", @slow("b", @blocking("c", 1))),
            @blocking("d", @plain("e", 2)),
            @slow("f", @plain("g", 3)),
        ) -> i64);
        assert_eq!(tree.value().await.unwrap(), 6);
        assert_eq!(run.take(), ["c", "b", "a", "e", "d", "g", "f", "sum"]);
    })
    .await;
}

#[tokio::test]
async fn a_call_for_its_effect_may_hold_calls_and_of_several_values_the_first_is_taken() {
    #[remote_fn]
    fn several() -> (i64, String, ()) {
        (7, "and more".to_owned(), ())
    }

    in_both_dialects(functions![several], async |here, run| {
        remote!(here, plain("one", @add(1, 2)), sum(1, @several(), @plain("two", 2))).unwrap();
        let value = remote_value!(here, slow("three", @several()) -> i64);
        assert_eq!(value.value().await.unwrap(), 7);
        let bound = remote_value_bind!(here, (a: i64, b: String) = several(), (a, b)).unwrap();
        assert_eq!(bound, Some((7, "and more".to_owned())));
        assert_eq!(run.take(), ["one", "two", "sum", "three"]);
    })
    .await;
}

#[remote_fn]
async fn gated(run: &Run, gate: &Notify, value: i64) -> i64 {
    run.note("gated starts");
    gate.notified().await;
    value
}

#[remote_fn]
fn open(run: &Run, gate: &Notify) {
    run.note("open");
    gate.notify_one();
}

#[tokio::test]
async fn a_tree_starts_with_its_first_function_and_others_go_on_while_it_waits() {
    let gate = functions![gated, open].state(Arc::new(Notify::new()));
    in_both_dialects(gate, async |here, run| {
        let tree = remote_value!(here, plain("behind", @gated(1)) -> i64);
        remote!(here, plain("next", 0), open()).unwrap();
        assert_eq!(tree.value().await.unwrap(), 1);
        assert_eq!(run.take(), ["gated starts", "next", "open", "behind"]);
    })
    .await;
}

/// Has its caller evaluate a tree while it stands in one itself.
#[remote_fn]
async fn ask_back(wire: &Wire, depth: i64) -> Result<i64, CallError> {
    if depth == 0 {
        return Ok(1);
    }
    let below = remote_value!(wire, add(@ask_back(depth - 1), @<add>(depth, 0)) -> i64);
    below.value().await
}

#[tokio::test]
async fn trees_call_back_from_within_trees() {
    let api = functions![ask_back, add];
    everywhere(offers(api.clone()), offers(api), async |here, _there| {
        let sum = remote_value!(here, add(@ask_back(20), @ask_back(2)) -> i64).value();
        assert_eq!(sum.await.unwrap(), (1 + 210) + (1 + 3));
    })
    .await;
}

#[tokio::test]
async fn a_tree_goes_on_when_its_value_is_not_wanted_any_more_and_stops_when_cancelled() {
    struct Dropped<'a>(&'a Run);

    impl Drop for Dropped<'_> {
        fn drop(&mut self) {
            self.0.note("dropped");
        }
    }

    #[remote_fn]
    async fn never(run: &Run) -> i64 {
        let _dropped = Dropped(run);
        std::future::pending::<()>().await;
        1
    }

    let gate = functions![never, gated, open].state(Arc::new(Notify::new()));
    in_both_dialects(gate, async |here, run| {
        let tree = remote_value!(here, plain("behind", @gated(1)) -> i64);
        here.sync().await.unwrap();
        drop(tree);
        remote!(here, open()).unwrap();
        here.force_output().await.unwrap();
        until(|| run.len() == 3).await;
        assert_eq!(run.take(), ["gated starts", "open", "behind"]);
        if here.is_extended() {
            let tree = remote_value!(here, sum(@plain("a", 1), @never(), @plain("b", 2)) -> i64);
            here.sync().await.unwrap();
            tree.cancel();
            until(|| run.len() == 2).await;
            assert_eq!(run.take(), ["a", "dropped"]);
        }
        assert_eq!(remote_value!(here, plain("alive", 5) -> i64).value().await.unwrap(), 5);
        assert_eq!(run.take(), ["alive"]);
    })
    .await;
}
