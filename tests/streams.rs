//! Any byte stream makes a wire: tiny pipes, Unix sockets, children, and what is no wire at all.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

#[path = "support/guard.rs"]
mod support;

use std::io;
use std::pin::Pin;
use std::process::Stdio;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use support::{until, within};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::sync::Notify;
use wire::{
    Builder, CallError, Peer, Ran, RequestServer, Wire, WireError, functions, remote, remote_fn,
    remote_value,
};

#[remote_fn]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

#[remote_fn]
async fn back(wire: &Wire, words: Vec<String>) -> Result<String, CallError> {
    let mut joined = String::new();
    for word in words {
        joined.push_str(&remote_value!(wire, upper(word) -> String).value().await?);
    }
    Ok(joined)
}

#[remote_fn]
fn upper(word: &str) -> String {
    word.to_uppercase()
}

#[remote_fn]
fn echo(octets: Bytes, rest: Vec<Bytes>, _last: i64) -> Vec<Bytes> {
    [vec![octets], rest].concat()
}

/// Writes that are cut anywhere, of pieces that are written together where the stream can.
#[tokio::test]
async fn large_byte_strings_cross_any_stream_unharmed() {
    let octets = |len: usize| (0..len).map(|at| (at % 251) as u8 ^ len as u8).collect::<Bytes>();
    let lengths = [(16 << 10) - 1, 16 << 10, 65_530, 100_000, 1 << 20, 3_000_001];
    for size in [1_000, 16_000, 1 << 20] {
        for vectored in [false, true] {
            let (near, far) = tokio::io::duplex(size);
            let there = Wire::builder().functions(functions![echo]);
            let here = async {
                match vectored {
                    true => Wire::builder().over(near).await,
                    false => Wire::builder().over(OnePiece(near)).await,
                }
            };
            let (here, there) = within(async { tokio::join!(here, there.over(far)) }).await;
            let (here, _there) = (here.unwrap(), there.unwrap());
            let calls = lengths.iter().enumerate().map(|(n, &len)| {
                let (large, small) = (octets(len), octets(n));
                let rest = vec![small, octets(20_000 + n), large.slice(..len / 2)];
                let answer = remote_value!(here, echo(&large, &rest, n) -> Vec<Bytes>);
                (answer, [vec![large], rest].concat())
            });
            for (answer, expected) in calls.collect::<Vec<_>>() {
                assert!(within(answer.value()).await.unwrap() == expected);
            }
        }
    }
}

/// A stream that takes one piece in one write.
struct OnePiece(DuplexStream);

impl AsyncRead for OnePiece {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl AsyncWrite for OnePiece {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        octets: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, octets)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

#[tokio::test]
async fn a_pipe_of_a_few_octets_carries_everything() {
    for size in 1..=7 {
        for classic in [false, true] {
            let (near, far) = tokio::io::duplex(size);
            let here = Wire::builder().functions(functions![upper]);
            let here = if classic { here.classic() } else { here };
            let there = Wire::builder().functions(functions![add, back]);
            let (here, there) =
                within(async { tokio::join!(here.over(near), there.over(far)) }).await;
            let (here, there) = (here.unwrap(), there.unwrap());
            let words = vec!["a".repeat(300), "b".to_owned(), "é".repeat(50)];
            let expected: String = words.iter().map(|word| word.to_uppercase()).collect();
            let joined = remote_value!(here, back(words) -> String);
            let sum = remote_value!(here, add(i64::MAX - 1, 1) -> i64);
            assert_eq!(within(joined.value()).await.unwrap(), expected);
            assert_eq!(within(sum.value()).await.unwrap(), i64::MAX);
            assert!(matches!(within(here.close()).await, WireError::Closed));
            assert!(matches!(within(there.closed()).await, WireError::PeerClosed { .. }));
        }
    }
}

#[tokio::test]
async fn a_stream_is_named_by_its_type() {
    let (near, far) = tokio::io::duplex(1 << 16);
    let (here, there) = tokio::join!(Wire::builder().over(near), Wire::builder().over(far));
    let (here, _there) = (here.unwrap(), there.unwrap());
    let name = std::any::type_name::<DuplexStream>();
    assert_eq!(*here.peer(), Peer::Stream(name.to_owned()));
}

#[remote_fn]
fn who_calls(wire: &Wire) -> Result<u32, String> {
    match wire.peer() {
        Peer::Unix { uid: Some(uid), pid: Some(pid), .. } if *pid as u32 == std::process::id() => {
            Ok(*uid)
        }
        other => Err(format!("{other:?}")),
    }
}

#[tokio::test]
async fn a_unix_sockets_peer_is_known_by_its_credentials() {
    let path = std::env::temp_dir().join(format!("wire-credentials-{}.sock", std::process::id()));
    let server = RequestServer::bind_unix(&path).unwrap().functions(functions![who_calls]);
    let handle = server.handle();
    let serving = tokio::spawn(server.serve());
    let wire = within(Wire::builder().connect_unix(&path)).await.unwrap();
    let uid = within(remote_value!(wire, who_calls() -> u32).value()).await.unwrap();
    let Peer::Unix { path: known, uid: Some(ours), pid: Some(pid) } = wire.peer() else {
        panic!("{:?}", wire.peer())
    };
    assert_eq!((known.as_deref(), *ours), (Some(path.as_path()), uid));
    assert_eq!(*pid as u32, std::process::id());
    assert!(within(handle.shutdown(Duration::from_secs(20))).await);
    within(serving).await.unwrap().unwrap();
}

#[tokio::test]
async fn what_speaks_something_else_is_quoted() {
    let (told, died) = (Arc::new(Notify::new()), Arc::new(std::sync::Mutex::new(Vec::new())));
    let (tell, deaths) = (Arc::clone(&told), Arc::clone(&died));
    let server = RequestServer::bind("127.0.0.1:0").await.unwrap().functions(functions![add]);
    let server = server.on_death(move |_, why| {
        deaths.lock().unwrap().push(why.to_string());
        tell.notify_one();
    });
    let address = server.local_addr().unwrap();
    tokio::spawn(server.serve());
    let others: [(&[u8], &str); 3] = [
        (b"GET / HTTP/1.1\r\nHost: here\r\n\r\n", "GET / HTTP/1.1\\r\\n"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", "\\x16\\x03\\x01"),
        (b"hello there\n", "hello there\\n"),
    ];
    for (octets, quoted) in others {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(octets).await.unwrap();
        within(told.notified()).await;
        let why = died.lock().unwrap().pop().unwrap();
        assert!(why.contains("not a wire") && why.contains(quoted), "{why}");
        let mut rest = Vec::new();
        let _ = within(stream.read_to_end(&mut rest)).await;
    }
}

/// A wire to a child process whose standard error is kept.
async fn child(builder: Builder) -> (Wire, Child) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_peer"));
    command.kill_on_drop(true).stderr(Stdio::piped());
    within(builder.spawn(command)).await.unwrap()
}

#[tokio::test]
async fn a_child_is_called_over_its_standard_streams_and_may_print() {
    for builder in [Wire::builder(), Wire::builder().classic()] {
        let (wire, mut child) = child(builder).await;
        assert_eq!(*wire.peer(), Peer::Child(child.id()));
        remote!(wire, shout("printed for its effect")).unwrap();
        let text = "(no wire would survive this)\n\x00\x01\x02";
        let length = remote_value!(wire, shout(text) -> usize).value();
        assert_eq!(within(length).await.unwrap(), text.len());
        assert_eq!(within(remote_value!(wire, add(1, 2) -> i64).value()).await.unwrap(), 3);
        let left = remote_value!(wire, standard_input() -> String).value();
        assert_eq!(within(left).await.unwrap(), "", "standard input is empty");

        within(wire.close_because("enough")).await;
        let mut printed = String::new();
        let mut stderr = child.stderr.take().unwrap();
        within(stderr.read_to_string(&mut printed)).await.unwrap();
        assert!(printed.starts_with("printed for its effect\n(no wire would"), "{printed}");
        assert!(within(child.wait()).await.unwrap().success());
    }
}

#[tokio::test]
async fn a_child_sees_the_end_of_its_wire_at_once() {
    for builder in [Wire::builder(), Wire::builder().classic()] {
        let patient = builder.close_grace(Duration::from_secs(3600));
        let (wire, mut child) = child(patient).await;
        assert!(matches!(within(wire.close()).await, WireError::Closed));
        assert!(within(child.wait()).await.unwrap().success());
    }
}

#[tokio::test]
async fn a_child_that_is_killed_has_vanished() {
    let (wire, mut child) = child(Wire::builder()).await;
    let waiting = remote_value!(wire, never() -> ());
    within(wire.sync()).await.unwrap();
    child.start_kill().unwrap();
    let error = within(waiting).await.unwrap_err();
    assert!(
        matches!(&error, CallError::Ended { why: WireError::PeerVanished, ran: Ran::Maybe, .. }),
        "{error}"
    );
    assert!(matches!(within(wire.closed()).await, WireError::PeerVanished));
    assert!(!within(child.wait()).await.unwrap().success());
    until(|| !wire.is_open()).await;
}

#[tokio::test]
async fn a_program_that_is_no_wire_is_quoted_too() {
    let mut command = Command::new("echo");
    command.arg("usage: echo [string]");
    let spawned = within(Wire::builder().spawn(command)).await;
    let error = spawned.map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("usage: echo"), "{error}");
    assert!(within(Wire::builder().spawn(Command::new("/no/such/program"))).await.is_err());
}
