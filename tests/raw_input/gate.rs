//! A server's hook that still makes up its mind when such a call comes.

use std::sync::Arc;

use tokio::net::TcpStream;
use wire::{CallError, RequestServer, ServerHandle, Wire, WireError, remote_value};

use crate::raw::{RawPeer, Said, call, compact, hello};
use crate::{Door, end_of, offered, within};

/// What the hook does once its door has opened.
#[derive(Clone, Copy)]
enum Then {
    Admit,
    Refuse,
}

async fn guarded(door: &Arc<Door>, then: Then) -> ServerHandle {
    let server = RequestServer::bind("127.0.0.1:0").await.unwrap();
    let hook_door = Arc::clone(door);
    let server = server.functions(offered(&Arc::default())).on_connect(move |_| {
        let door = Arc::clone(&hook_door);
        async move {
            door.pass().await;
            match then {
                Then::Admit => Ok(()),
                Then::Refuse => Err("not today".to_owned()),
            }
        }
    });
    let handle = server.handle();
    tokio::spawn(server.serve());
    handle
}

async fn connect(handle: &ServerHandle) -> RawPeer<TcpStream> {
    let mut stream = TcpStream::connect(handle.local_addr().unwrap()).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut stream, &hello()).await.unwrap();
    RawPeer::new(stream)
}

/// Calls around one with data, in which a call stands that must not be run.
fn calls() -> Vec<u8> {
    let data = call("ADD", &[&100, &200]);
    let count = data.len().to_string();
    let add: [&dyn wire::ToWire; 2] = [&1, &2];
    let read = compact(1, 2, "READ", &[&[count]]);
    [compact(1, 1, "ADD", &add), read, data, compact(1, 3, "ADD", &add)].concat()
}

#[tokio::test]
async fn the_input_waits_with_the_call_until_the_peer_is_let_in() {
    let door = Arc::default();
    let handle = guarded(&door, Then::Admit).await;
    let mut peer = connect(&handle).await;
    peer.send(&calls()).await;
    within(door.reached.notified()).await;
    let wire = handle.wires().remove(0);
    while wire.stats().octets_received < (hello().len() + calls().len()) as u64 {
        tokio::task::yield_now().await;
    }
    let early = within(remote_value!(wire, f() -> i64).value()).await.unwrap_err();
    assert!(matches!(early, CallError::InputHeld { .. }), "{early}");
    door.opened.notify_one();
    for id in 1..=3 {
        assert!(matches!(peer.answer(id).await, Said::Return(..)), "{id}");
    }
    assert_eq!(wire.stats().calls_received, 3, "what stands in the data is not called");
}

#[tokio::test]
async fn a_refused_peer_is_told_so_whatever_it_sent() {
    let door = Arc::default();
    let handle = guarded(&door, Then::Refuse).await;
    let mut peer = connect(&handle).await;
    peer.send(&calls()).await;
    within(door.reached.notified()).await;
    let wire = handle.wires().remove(0);
    door.opened.notify_one();
    for id in 1..=2 {
        assert_eq!(peer.reason(id).await.message(), "not today", "{id}");
    }
    assert!(peer.drain().await.contains(&Said::Goodbye));
    assert!(matches!(end_of(&wire).await, WireError::Refused { .. }));
}

#[tokio::test]
async fn a_hook_that_waits_for_its_caller_is_not_held_up_for_ever() {
    let server = RequestServer::bind("127.0.0.1:0").await.unwrap();
    let server = server.functions(offered(&Arc::default())).on_connect(|wire: Wire| async move {
        remote_value!(wire, who_are_you() -> String).value().await.map(drop)
    });
    let handle = server.handle();
    tokio::spawn(server.serve());
    let mut peer = connect(&handle).await;
    assert_eq!(peer.said().await, Said::Hello);
    assert!(matches!(peer.said().await, Said::Compact(..)), "the hook asks");
    // The answer stands behind the data, which nobody reads before the answer.
    peer.send(&calls()).await;
    let reason = peer.reason(2).await;
    assert!(reason.message().contains("hook waits for its caller"), "{reason}");
    assert!(peer.drain().await.contains(&Said::Goodbye));
}
