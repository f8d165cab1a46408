//! Two wires joined to each other, over every kind of stream that matters.

#[path = "guard.rs"]
mod guard;

use std::sync::atomic::{AtomicU32, Ordering};

use tokio::net::{TcpListener, TcpStream, UnixListener};
use wire::{Builder, Functions, Wire};

pub(crate) use guard::{until, within};

/// A wire to be that offers `functions`.
pub(crate) fn offers(functions: Functions) -> Builder {
    Wire::builder().functions(functions)
}

/// Runs `test` on two wires over TCP, over a Unix socket and in memory.
pub(crate) async fn everywhere(here: Builder, there: Builder, test: impl AsyncFn(Wire, Wire)) {
    let (ours, theirs) = within(loopback(here.clone(), there.clone())).await;
    within(test(ours, theirs)).await;
    let (ours, theirs) = within(unix(here.clone(), there.clone())).await;
    within(test(ours, theirs)).await;
    let (ours, theirs) = pair(here, there);
    within(test(ours, theirs)).await;
}

/// Two wires over TCP.
pub(crate) async fn loopback(here: Builder, there: Builder) -> (Wire, Wire) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let accepted = async {
        let stream: TcpStream = listener.accept().await.unwrap().0;
        stream.set_nodelay(true).unwrap();
        there.over(stream).await.unwrap()
    };
    let (ours, theirs) = tokio::join!(here.connect(address), accepted);
    (ours.unwrap(), theirs)
}

/// Two wires over a Unix socket.
async fn unix(here: Builder, there: Builder) -> (Wire, Wire) {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("wire-{}-{number}.sock", std::process::id()));
    let listener = UnixListener::bind(&path).unwrap();
    let accepted = async {
        let stream = listener.accept().await.unwrap().0;
        there.over(stream).await.unwrap()
    };
    let (ours, theirs) = tokio::join!(here.connect_unix(&path), accepted);
    std::fs::remove_file(path).unwrap();
    (ours.unwrap(), theirs)
}

/// Two wires in memory.
fn pair(here: Builder, there: Builder) -> (Wire, Wire) {
    here.pair(there).unwrap()
}
