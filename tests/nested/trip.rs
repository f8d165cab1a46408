//! What goes over the wire for a tree: one object there, one back.

use wire::{Wire, functions, remote_value};

use crate::in_both_dialects;
use crate::raw::{Said, extended, over};

#[tokio::test]
async fn a_tree_is_one_call_and_one_answer() {
    in_both_dialects(functions![], async |here, run| {
        let before = here.stats();
        let tree =
            remote_value!(here, sum(@add(1, @add(2, 3)), @add(4, 5), @add(6, @add(7, 8))) -> i64);
        assert_eq!(tree.value().await.unwrap(), 36);
        let after = here.stats();
        assert_eq!(after.calls_sent - before.calls_sent, 1);
        assert_eq!(after.answers_received - before.answers_received, 1);
        assert_eq!(run.take(), ["sum"]);
    })
    .await;
}

#[tokio::test]
async fn all_of_a_tree_has_gone_out_before_anything_comes_back() {
    let (wire, mut peer) = extended(Wire::builder()).await;
    let pending = tokio::spawn(remote_value!(wire, f(@g(@h(1)), 2) -> i64).value());
    let Said::Compact(1, id, name) = peer.said().await else { panic!("one call") };
    assert_eq!(name, "F");
    peer.send(&crate::raw::write(|out| {
        out.return_(id, 1)?;
        out.integer(3)
    }))
    .await;
    assert_eq!(pending.await.unwrap().unwrap(), 3);
    assert_eq!(wire.stats().octets_buffered, 0);

    let (wire, mut peer) = over(Wire::builder().classic()).await;
    let pending = tokio::spawn(remote_value!(wire, f(@g(@h(1)), 2) -> i64).value());
    let Said::Ask(token) = peer.said().await else { panic!("it asks for a value") };
    assert!(
        matches!(peer.said().await, Said::Call(name, arguments) if name == "F" && arguments.len() == 2)
    );
    peer.send(&crate::raw::protocol("RETURN-1-VALUE", token, &[&3])).await;
    assert_eq!(pending.await.unwrap().unwrap(), 3);
}
