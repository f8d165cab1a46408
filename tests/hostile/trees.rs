//! Call trees that wait in the middle, among calls that do not; and what guesses give in them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use wire::{Remote, Wire, functions, remote_fn};

use crate::raw::{Said, ask, call, call_head, over, write};

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

/// Something that the peer is never given.
struct Secret;

#[remote_fn]
fn secret(secret: &Arc<Secret>) -> Remote<Secret> {
    Remote::new(Arc::clone(secret))
}

#[remote_fn]
fn same(object: Remote) -> Remote {
    object
}

/// Which of them can be used.
#[remote_fn]
fn usable(one: Remote<Secret>, other: Remote<Secret>) -> (bool, bool) {
    (one.value().is_ok(), other.value().is_ok())
}

#[tokio::test]
async fn a_guessed_token_stays_one_beside_and_within_a_value_that_names_it() {
    let object = Arc::new(Secret);
    let kept = Remote::new(Arc::clone(&object));
    let state = Arc::new(Arc::clone(&object));
    let offer = functions![secret, same, usable].state(state);
    let (_wire, mut peer) = over(Wire::builder().classic().functions(offer)).await;
    let guess = write(|out| out.token(kept.token()));
    let (given, echoed) = (call_head("SECRET", 0), [call_head("SAME", 1), guess.clone()].concat());
    let of_given = [call_head("SAME", 1), given.clone()].concat();
    for (id, (one, other, expected)) in [
        (&given, &of_given, [true, true]),
        (&guess, &given, [false, false]),
        (&given, &guess, [false, false]),
        (&echoed, &given, [false, false]),
        (&of_given, &echoed, [false, false]),
    ]
    .into_iter()
    .enumerate()
    {
        let (id, usable) = (id as u32, call_head("USABLE", 2));
        peer.send(&[ask(id, 2), usable, one.clone(), other.clone()].concat()).await;
        let Said::Return(said, values) = peer.said().await else { panic!("it returns") };
        assert_eq!((said, values), (id, expected.map(wire::Value::from).to_vec()));
    }
}
