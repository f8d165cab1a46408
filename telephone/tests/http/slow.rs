//! Those who speak slowly, too much, or something else.

use std::time::Duration;

use telephone::server::ServerLimits;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::house::{self, House, LONG, read_to_end, sent};

/// A server that is soon out of patience.
async fn impatient() -> House {
    let soon = Duration::from_millis(50);
    House::of(house::builder().limits(ServerLimits::default().head_time(soon).body_time(soon)))
        .await
}

#[tokio::test]
async fn a_head_that_does_not_end_is_cut() {
    let house = impatient().await;
    assert_eq!(house.say(b"POST /tcmd HTTP/1.1\r\nHost: localhost\r\nX-").await, "");
    house.close().await;
}

#[tokio::test]
async fn silence_is_cut() {
    let house = impatient().await;
    assert_eq!(house.say(b"").await, "");
    house.close().await;
}

#[tokio::test]
async fn a_body_that_does_not_end_is_cut_with_a_word() {
    let house = impatient().await;
    let answer = house
        .say(
            b"POST /tcmd HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\
              Content-Type: application/x-www-form-urlencoded\r\n\r\ncmd=1",
        )
        .await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("body too slow"), "{answer}");
    assert!(house.heard.lock().unwrap().is_empty());
    house.close().await;
}

#[tokio::test]
async fn what_is_not_http_is_closed_and_the_server_goes_on() {
    let house = House::new().await;
    let tls = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
    for said in
        [&tls[..], b"SSH-2.0-OpenSSH_9.2\r\n", b"(+ 1 2)\r\n\r\n", &[0; 4096], &[0xff; 70_000]]
    {
        let answer = house.say(said).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    let heads = format!("GET / HTTP/1.1\r\nHost: localhost\r\n{}\r\n", "X: 1\r\n".repeat(100));
    assert!(house.say(heads.as_bytes()).await.starts_with("HTTP/1.1 431 "));
    assert_eq!(sent(house.get("/api/status")).await.status(), 200);
    house.close().await;
}

#[tokio::test]
async fn one_connection_too_many_is_closed() {
    let house = House::of(house::builder().limits(ServerLimits::default().connections(1))).await;
    let mut first = TcpStream::connect(house.address).await.unwrap();
    // It is known that the first was taken when it is answered.
    first.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    first.readable().await.unwrap();
    assert_eq!(house.say(b"").await, "");
    drop(first);
    house.close().await;
}

#[tokio::test]
async fn who_does_not_read_is_cut() {
    let limits = ServerLimits::default().send_time(Duration::from_millis(50)).connections(1);
    let house = House::of(house::builder().limits(limits)).await;
    let mut deaf = TcpStream::connect(house.address).await.unwrap();
    // More answers than the buffers between take.
    let asked = "GET /api/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(2000);
    let asking = async { while deaf.write_all(asked.as_bytes()).await.is_ok() {} };
    timeout(LONG, asking).await.expect("its connection is closed");
    // Its place is free again.
    let free = async { while house.get("/api/status").send().await.is_err() {} };
    timeout(LONG, free).await.expect("somebody else is answered");
    house.close().await;
}

#[tokio::test]
async fn a_connection_that_is_idle_does_not_hold_up_the_end() {
    let house = House::new().await;
    let idle = TcpStream::connect(house.address).await.unwrap();
    sent(house.get("/api/status")).await;
    house.close().await;
    assert_eq!(read_to_end(idle).await, "");
}
