//! Calls that come while a server's hook still makes up its mind, and trees of calls that fail.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::timeout;
use wire::{
    CallError, RequestServer, ServerHandle, Wire, functions, remote, remote_fn, remote_value,
};

use crate::raw::{PATIENCE, RawPeer, Said, call, call_head, hello, over, protocol};
use crate::{Door, add, builder, offered};

#[derive(Default)]
struct Noted(AtomicUsize);

#[remote_fn]
fn note(noted: &Noted) -> usize {
    noted.0.fetch_add(1, Ordering::Relaxed) + 1
}

/// A server whose hook waits at a door, and says when it does.
async fn guarded(door: &Arc<Door>, noted: &Arc<Noted>, asked: &Arc<AtomicBool>) -> ServerHandle {
    let server = RequestServer::bind("127.0.0.1:0").await.unwrap();
    let (door, asked) = (Arc::clone(door), Arc::clone(asked));
    let server =
        server.functions(functions![note, add].state(Arc::clone(noted))).on_connect(move |_| {
            let (door, asked) = (Arc::clone(&door), Arc::clone(&asked));
            async move {
                asked.store(true, Ordering::Relaxed);
                door.0.notified().await;
                Ok::<_, String>(())
            }
        });
    let handle = server.handle();
    tokio::spawn(server.serve());
    handle
}

async fn until(mut condition: impl FnMut() -> bool) {
    let wait = async {
        while !condition() {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    };
    timeout(PATIENCE, wait).await.expect("the condition comes true");
}

#[tokio::test]
async fn a_sync_does_not_overtake_calls_that_the_hook_holds() {
    let (door, noted, asked) = Default::default();
    let handle = guarded(&door, &noted, &asked).await;
    let wire = Wire::connect(handle.local_addr().unwrap()).await.unwrap();
    remote!(wire, note()).unwrap();
    let sync = tokio::spawn(wire.sync());
    until(|| asked.load(Ordering::Relaxed)).await;
    let held = &handle.wires()[0];
    until(|| held.stats().octets_received == wire.stats().octets_sent).await;
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert!(!sync.is_finished(), "the call before it has not begun");
    door.0.notify_one();
    timeout(PATIENCE, sync).await.unwrap().unwrap().unwrap();
    assert_eq!(noted.0.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn calls_without_arguments_are_not_held_without_limit() {
    let (door, noted, asked) = Default::default();
    let handle = guarded(&door, &noted, &asked).await;
    let mut stream = TcpStream::connect(handle.local_addr().unwrap()).await.unwrap();
    stream.write_all(&hello()).await.unwrap();
    let many = call("NOTE", &[]).repeat(20_000);
    let writing = tokio::spawn(async move {
        for _ in 0..20 {
            stream.write_all(&many).await.unwrap();
        }
        RawPeer::new(stream)
    });
    until(|| asked.load(Ordering::Relaxed)).await;
    let wire = handle.wires().remove(0);
    // Reading stops: at one time what has come does not grow any more.
    let (mut before, mut same) = (0, 0);
    until(|| {
        let received = wire.stats().octets_received;
        same = if received == before { same + 1 } else { 0 };
        before = received;
        received > 0 && same == 50
    })
    .await;
    assert!(before < 6_000_000, "{before}");
    door.0.notify_one();
    // Kept, because a stream that is dropped with unread octets is reset.
    let _peer = timeout(PATIENCE, writing).await.unwrap().unwrap();
    until(|| noted.0.load(Ordering::Relaxed) == 400_000).await;
}

#[remote_fn]
fn bail() -> Result<i64, String> {
    Err("no".to_owned())
}

#[tokio::test]
async fn an_answer_around_a_call_that_fails_ends_as_unwound() {
    for inner in ["BAIL", "NO-SUCH-FUNCTION"] {
        let builder = builder().functions(offered().merge(functions![bail])).classic();
        let (wire, mut peer) = over(builder).await;
        let pending = tokio::spawn(remote_value!(wire, f() -> i64).value());
        let Said::Ask(token) = peer.said().await else { panic!("a call was made") };
        peer.said().await;
        // A CMUCL that cannot send a value leaves the RETURN open, and its next call takes the place.
        let whole = protocol("RETURN-1-VALUE", token, &[&0]);
        let open = whole.strip_suffix(&[19, 0]).unwrap();
        peer.send(&[open, &call(inner, &[])].concat()).await;
        let error = timeout(PATIENCE, pending).await.unwrap().unwrap().unwrap_err();
        assert!(matches!(error, CallError::Unwound(_)), "{inner}: {error}");
        peer.send(&[call_head("ECHO", 1), call("BAIL", &[])].concat()).await;
        peer.check_alive(1).await;
    }
}
