//! What passes is what was said: all of it, in order, whatever it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use crate::raw::{self, PATIENCE};
use crate::strangers;
use crate::tap::Tap;

/// Octets that are none of a wire, and not the same anywhere.
fn noise(count: usize, seed: u64) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u8
    };
    [0xff].into_iter().chain((1..count).map(|_| next())).collect()
}

async fn read_all(stream: &mut TcpStream) -> Vec<u8> {
    let mut all = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut all)).await.expect("it ends").unwrap();
    all
}

#[tokio::test]
async fn any_octets_pass_and_a_half_close_is_one_at_the_other_end() {
    let (tap, mut left, mut right) = strangers(&[]).await;
    let (question, answer) = (noise(5_000_000, 1), noise(3_000_000, 2));
    let asking = async {
        left.stream.write_all(&question).await.unwrap();
        left.stream.shutdown().await.unwrap();
        read_all(&mut left.stream).await
    };
    let answering = async {
        // Only the half-close ends this; the answer goes the other way after it.
        let heard = read_all(&mut right.stream).await;
        right.stream.write_all(&answer).await.unwrap();
        right.stream.shutdown().await.unwrap();
        heard
    };
    let (left_heard, right_heard) = tokio::join!(asking, answering);
    assert!(right_heard == question, "the question was changed");
    assert!(left_heard == answer, "the answer was changed");
    let shown = tap.shown(2).await;
    assert_eq!(shown.len(), 5, "{shown:#?}");
    assert!(shown[1].starts_with("1 → from octet 0 on there are no objects"), "{shown:#?}");
    assert_eq!(shown[2], "1 → ended, after 5000000 octets, of which 5000000 were not read");
    assert!(shown[3].starts_with("1 ← from octet 0 on there are no objects"), "{shown:#?}");
    assert_eq!(shown[4], "1 ← ended, after 3000000 octets, of which 3000000 were not read");
}

#[tokio::test]
async fn an_octet_does_not_wait_for_the_next() {
    let (_tap, mut left, mut right) = strangers(&[]).await;
    // The beginning of an object that does not come, octet by octet, each heard before the next.
    for octet in [8, 0, 0, 1, 0, b'a', b'b'] {
        left.send(&[octet]).await;
        assert_eq!(timeout(PATIENCE, right.stream.read_u8()).await.unwrap().unwrap(), octet);
        right.send(&[octet]).await;
        assert_eq!(timeout(PATIENCE, left.stream.read_u8()).await.unwrap().unwrap(), octet);
    }
}

#[tokio::test]
async fn a_slow_reader_slows_its_sender_and_nothing_is_lost() {
    const ALL: usize = 96 << 20;
    let (tap, left, mut right) = strangers(&[]).await;
    let written = Arc::new(AtomicUsize::new(0));
    let count = written.clone();
    let (_heard, mut left) = left.stream.into_split();
    let writing = tokio::spawn(async move {
        let piece = noise(1 << 20, 3);
        while count.load(Ordering::Relaxed) < ALL {
            left.write_all(&piece).await.unwrap();
            count.fetch_add(piece.len(), Ordering::Relaxed);
        }
        left.shutdown().await.unwrap();
    });
    // It stops when the sockets are full: nothing between them takes all that was meant.
    let (mut before, mut still) = (0, 0);
    while still < 20 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let now = written.load(Ordering::Relaxed);
        still = if now == before { still + 1 } else { 0 };
        before = now;
    }
    assert!(before < ALL / 2, "{before} octets were taken, and nobody read them");
    let mut heard = 0;
    let mut piece = vec![0; 1 << 20];
    loop {
        match timeout(PATIENCE, right.stream.read(&mut piece)).await.unwrap().unwrap() {
            0 => break,
            count => heard += count,
        }
    }
    assert_eq!(heard, ALL);
    writing.await.unwrap();
    drop(right);
    let shown = tap.shown(2).await;
    let ended = format!("1 → ended, after {ALL} octets, of which {ALL} were not read");
    assert!(shown.contains(&ended), "{shown:#?}");
}

#[tokio::test]
async fn who_is_reset_is_gone_for_the_other_too() {
    let (tap, mut left, right) = strangers(&[]).await;
    left.send(&raw::number(7)).await;
    // What is closed with octets unread is reset.
    right.stream.peek(&mut [0]).await.unwrap();
    drop(right);
    let end = timeout(PATIENCE, left.stream.read_u8()).await.unwrap();
    assert!(end.is_err(), "{end:?}");
    drop(left);
    let shown = tap.shown(1).await;
    assert!(shown.iter().any(|line| line.starts_with("1 ← failed: ")), "{shown:#?}");
}

#[tokio::test]
async fn a_target_that_is_not_there_is_told_and_the_next_caller_is_heard() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = listener.local_addr().unwrap();
    drop(listener);
    let tap = Tap::before(&target.to_string(), &[]).await;
    let mut lost = TcpStream::connect(&tap.address).await.unwrap();
    assert_eq!(read_all(&mut lost).await, b"");
    let listener = TcpListener::bind(target).await.unwrap();
    let (caller, accepted) = tokio::join!(TcpStream::connect(&tap.address), listener.accept());
    drop((caller.unwrap(), accepted.unwrap()));
    let shown = tap.shown(2).await;
    let failed = format!("1   cannot connect to {target}: ");
    assert!(shown[1].starts_with(&failed), "{shown:#?}");
    assert!(shown[2].starts_with("2   127.0.0.1:"), "{shown:#?}");
}

#[tokio::test]
async fn who_stops_reading_what_is_printed_does_not_stop_the_peers() {
    let (mut tap, mut left, mut right) = strangers(&[]).await;
    drop(tap.lines);
    for _ in 0..100 {
        left.send(&raw::call("NOTE", &[&1])).await;
        assert!(matches!(right.said().await, raw::Said::Call(..)));
    }
    assert!(tap.process.try_wait().unwrap().is_none(), "it has ended");
}

#[tokio::test]
async fn lines_that_nobody_reads_are_left_out() {
    let (mut tap, mut left, mut right) = strangers(&["--full"]).await;
    let call = raw::call("NOTE", &[&"x".repeat(1 << 20)]);
    for _ in 0..16 {
        let (said, ()) = tokio::join!(right.said(), left.send(&call));
        assert!(matches!(said, raw::Said::Call(..)));
    }
    let (mut notes, mut left_out) = (0, 0);
    while notes + left_out < 16 {
        let line = timeout(PATIENCE, tap.lines.next_line()).await.unwrap().unwrap().unwrap();
        notes += usize::from(line.contains("(NOTE "));
        if let Some((count, _)) = line.split_once(" lines are left out here") {
            left_out += count.parse::<usize>().unwrap();
        }
    }
    assert!(notes > 0 && left_out > 0, "{notes} and {left_out}");
}
