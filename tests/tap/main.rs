//! `examples/tap.rs` between peers of every kind: it shows what they say, and changes nothing.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

#[path = "../support/example.rs"]
mod example;
#[path = "../raw/mod.rs"]
#[expect(dead_code, reason = "those who break rules need more of it")]
mod raw;
#[path = "../support/tap.rs"]
mod tap;

mod forms;
mod octets;
mod readme;
mod strangers;
mod talk;

use tokio::net::{TcpListener, TcpStream};

use raw::RawPeer;
use tap::Tap;

/// Two peers who say octets, and a tap between them: the one who connects, and the target.
async fn strangers(options: &[&str]) -> (Tap, RawPeer<TcpStream>, RawPeer<TcpStream>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let tap = Tap::before(&listener.local_addr().unwrap().to_string(), options).await;
    let (left, right) = tokio::join!(TcpStream::connect(&tap.address), listener.accept());
    (tap, RawPeer::new(left.unwrap()), RawPeer::new(right.unwrap().0))
}
