//! Call trees that wait in the middle, among calls that do not.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use wire::{Wire, functions, remote_fn};

use crate::raw::{Said, ask, call, call_head, over};

/// Sees whether two plain functions run at once.
#[derive(Default)]
struct Watch {
    running: AtomicBool,
    overlaps: AtomicUsize,
}

#[remote_fn]
fn busy(watch: &Watch, n: i64) -> i64 {
    if watch.running.swap(true, Ordering::SeqCst) {
        watch.overlaps.fetch_add(1, Ordering::SeqCst);
    }
    std::thread::sleep(Duration::from_millis(2));
    watch.running.store(false, Ordering::SeqCst);
    n
}

#[remote_fn]
async fn slow(n: i64) -> i64 {
    tokio::time::sleep(Duration::from_millis(1)).await;
    n
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_plain_function_behind_a_wait_still_never_overlaps_another() {
    let watch = Arc::new(Watch::default());
    let offer = functions![busy, slow].state(Arc::clone(&watch));
    let (_wire, mut peer) = over(Wire::builder().classic().functions(offer)).await;
    let count = 40;
    for id in 0..count {
        let tree = [ask(2 * id, 1), call_head("BUSY", 1), call("SLOW", &[&i64::from(id)])].concat();
        let plain = [ask(2 * id + 1, 1), call("BUSY", &[&-1])].concat();
        peer.send(&[tree, plain].concat()).await;
    }
    let mut of_trees = Vec::new();
    for _ in 0..2 * count {
        let Said::Return(id, values) = peer.said().await else { panic!("all return") };
        if id % 2 == 0 {
            assert_eq!(values[0].as_integer(), Some(i64::from(id / 2)));
            of_trees.push(id / 2);
        }
    }
    of_trees.sort_unstable();
    assert_eq!(of_trees, (0..count).collect::<Vec<_>>());
    assert_eq!(watch.overlaps.load(Ordering::SeqCst), 0);
}
