//! A real CMUCL at the other end, in both roles, with nothing but the repair of its octets.
//!
//! Where it is not installed these tests say so and pass. On Debian (amd64):
//! `dpkg --add-architecture i386 && apt-get update && apt-get install cmucl:i386`

#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use wire::{
    CallError, Ran, Remote, RequestServer, Value, Wire, WireError, functions, remote, remote_fn,
    remote_value, remote_value_bind,
};

/// A CMUCL that loads our repair, the functions of the tests and then `script`; `None`, said aloud,
/// if there is none on this machine.
fn cmucl(script: &str, environment: &[(&str, String)]) -> Option<Killed> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new("cmucl");
    command.arg("-noinit").arg("-quiet").current_dir(root);
    for file in ["lisp/octets.lisp", "tests/cmucl/functions.lisp", script] {
        command.arg("-load").arg(file);
    }
    let child = command
        .envs(environment.iter().map(|(key, value)| (key, value)))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn();
    match child {
        Ok(child) => Some(Killed(child)),
        Err(error) => {
            // Written past the capture of tests' output, so that everybody sees it.
            let skipped =
                "SKIPPED: no CMUCL here; the head of tests/cmucl.rs says how to install it";
            let mut stderr = io::stderr();
            writeln!(stderr, "{skipped} ({error})").unwrap();
            None
        }
    }
}

/// A child that does not outlive its test.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A CMUCL server and a wire to it.
async fn server(offer: wire::Functions) -> Option<(Killed, Wire)> {
    let mut lisp = cmucl("tests/cmucl/server.lisp", &[])?;
    let mut lines = BufReader::new(lisp.0.stdout.take().unwrap()).lines();
    let port: u16 = lines
        .find_map(|line| line.unwrap().strip_prefix("port ").map(|port| port.parse().unwrap()))
        .expect("the server says its port");
    // It goes on printing; a full pipe would stop it.
    std::thread::spawn(move || lines.for_each(drop));
    let builder = Wire::builder().classic().latin1().functions(offer);
    let wire = builder.connect(("127.0.0.1", port)).await.unwrap();
    Some((lisp, wire))
}

/// A guard against hanging, far above what anything here takes.
async fn in_time<T>(run: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(120), run).await.expect("it ends in time")
}

#[tokio::test]
async fn rust_calls_cmucl() {
    let Some((_lisp, wire)) = server(functions![]).await else { return };
    in_time(async {
        assert_eq!(remote_value!(wire, add(3, 4) -> i64).value().await.unwrap(), 7);
        let big = remote_value!(wire, add(i64::MAX, i64::MAX) -> i128).value().await.unwrap();
        assert_eq!(big, i128::from(i64::MAX) * 2);
        let sent = Value::read("(1 (2 |a b|) \"vier\" :five nil t (6 . 7) -12345678901234567890)")
            .unwrap();
        let back = remote_value!(wire, echo(sent) -> Value).value().await.unwrap();
        assert_eq!(back, sent);
        let bound = remote_value_bind!(wire, (q: i64, r: i64) = divide(17, 5), (q, r)).unwrap();
        assert_eq!(bound, Some((3, 2)));
        let seven = remote_value_bind!(
            wire,
            (a: i64, b: i64, c: i64, d: i64, e: i64, f: i64, g: i64) = many(7),
            [a, b, c, d, e, f, g]
        );
        assert_eq!(seven.unwrap(), Some([1, 2, 3, 4, 5, 6, 7]));
        let long = "z".repeat(3_000_000);
        assert_eq!(remote_value!(wire, echo(long) -> String).value().await.unwrap(), long);
        let list: Vec<i64> = (0..100_000).collect();
        assert_eq!(remote_value!(wire, echo(list) -> Vec<i64>).value().await.unwrap(), list);
    })
    .await;
}

#[tokio::test]
async fn calls_for_their_effect_are_counted_exactly() {
    let Some((_lisp, wire)) = server(functions![]).await else { return };
    in_time(async {
        for i in 0..10_000 {
            remote!(wire, note(i)).unwrap();
        }
        let notes = remote_value!(wire, notes() -> Vec<i64>).value().await.unwrap();
        assert_eq!(notes, (0..10_000).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn an_unwinding_in_cmucl_ends_that_call_alone() {
    let Some((_lisp, wire)) = server(functions![]).await else { return };
    in_time(async {
        // Sent in one write: CMUCL leaves what is behind the unwinding unread until more comes.
        let bailed = remote_value!(wire, bail() -> i64);
        let added = remote_value!(wire, add(1, 2) -> i64);
        assert_eq!(bailed.await.unwrap(), (None, true));
        assert_eq!(added.value().await.unwrap(), 3);
        let error = remote_value!(wire, bail() -> i64).value().await.unwrap_err();
        assert_eq!(error.ran(), Ran::Maybe);
        let instead = remote_value!(wire, bail() -> i64, else 7).await.unwrap();
        assert_eq!(instead, 7);
    })
    .await;
}

#[remote_fn]
async fn ascend(wire: &Wire, n: i64) -> Result<i64, CallError> {
    if n == 0 {
        return Ok(0);
    }
    Ok(1 + remote_value!(wire, descend(n - 1) -> i64).value().await?)
}

#[tokio::test]
async fn callbacks_nest_ten_deep() {
    let Some((_lisp, wire)) = server(functions![ascend]).await else { return };
    in_time(async {
        assert_eq!(remote_value!(wire, descend(20) -> i64).value().await.unwrap(), 20);
    })
    .await;
}

#[tokio::test]
async fn objects_are_made_passed_back_and_compared() {
    let Some((_lisp, wire)) = server(functions![]).await else { return };
    in_time(async {
        let thing: Remote = remote_value!(wire, make_thing(42)).value().await.unwrap();
        assert!(!thing.is_local());
        assert_eq!(remote_value!(wire, thing_value(thing) -> i64).value().await.unwrap(), 42);
        assert!(remote_value!(wire, same_thing(thing, thing) -> bool).value().await.unwrap());
        let ours = Remote::new(Arc::new(5_u8));
        let back: Remote<u8> = remote_value!(wire, echo(ours)).value().await.unwrap();
        assert_eq!((back == ours, *back.value().unwrap()), (true, 5));
    })
    .await;
}

#[tokio::test]
async fn a_killed_cmucl_ends_the_calls_that_wait() {
    let Some((mut lisp, wire)) = server(functions![ascend]).await else { return };
    in_time(async {
        assert_eq!(remote_value!(wire, add(1, 1) -> i64).value().await.unwrap(), 2);
        let waiting = remote_value!(wire, descend(1_000_000) -> i64);
        wire.force_output().await.unwrap();
        lisp.0.kill().unwrap();
        let error = waiting.value().await.unwrap_err();
        assert!(matches!(error, CallError::Ended { .. } | CallError::Unwound(_)), "{error}");
        let why = wire.closed().await;
        assert!(matches!(why, WireError::PeerClosed { .. } | WireError::Io(_)), "{why}");
    })
    .await;
}

/// What the Rust server of the next test keeps.
#[derive(Default)]
struct Kept {
    notes: AtomicU64,
    done: Mutex<Option<tokio::sync::oneshot::Sender<()>>>,
}

#[remote_fn]
fn add(a: i128, b: i128) -> i128 {
    a + b
}

#[remote_fn]
fn echo(value: Value) -> Value {
    value
}

#[remote_fn]
fn divide(a: i64, b: i64) -> Result<(i64, i64), String> {
    if b == 0 { Err("nothing divides by 0".to_owned()) } else { Ok((a / b, a % b)) }
}

#[remote_fn]
fn many(n: i64) -> (i64, i64, i64, i64, i64, i64, i64) {
    (n - 6, n - 5, n - 4, n - 3, n - 2, n - 1, n)
}

#[remote_fn]
fn note(kept: &Kept, _n: i64) {
    kept.notes.fetch_add(1, Ordering::Relaxed);
}

#[remote_fn]
fn count_notes(kept: &Kept) -> u64 {
    kept.notes.load(Ordering::Relaxed)
}

#[remote_fn]
fn make_thing(n: i64) -> Remote<i64> {
    Remote::new(Arc::new(n))
}

#[remote_fn]
fn thing_value(thing: Remote<i64>) -> Result<i64, wire::ObjectError> {
    thing.value().map(|n| *n)
}

#[remote_fn]
fn done(kept: &Kept) -> bool {
    kept.done.lock().unwrap().take().map(|done| done.send(())).is_some()
}

#[tokio::test]
async fn cmucl_calls_rust() {
    let (done_sent, done) = tokio::sync::oneshot::channel();
    let kept = Arc::new(Kept { done: Mutex::new(Some(done_sent)), ..Kept::default() });
    let offer = functions![
        add,
        echo,
        divide,
        many,
        ascend,
        note,
        count_notes,
        make_thing,
        thing_value,
        done
    ];
    let server = RequestServer::bind("127.0.0.1:0")
        .await
        .unwrap()
        .wires(Wire::builder().latin1())
        .functions(offer.state(kept));
    let port = server.local_addr().unwrap().port();
    let serving = tokio::spawn(server.serve());
    let Some(mut lisp) = cmucl("tests/cmucl/client.lisp", &[("PORT", port.to_string())]) else {
        return;
    };
    let output = lisp.0.stdout.take().unwrap();
    let printed = tokio::task::spawn_blocking(move || {
        BufReader::new(output).lines().map(Result::unwrap).filter(|l| l.starts_with('(')).collect()
    });
    in_time(done).await.unwrap();
    let printed: Vec<String> = in_time(printed).await.unwrap();
    let expected = [
        "(7)",
        "(9223372036854775808)",
        "((1 (2 THREE) \"four\" :FIVE NIL T (6 . 7)))",
        "((3 2))",
        "((1 2 3 4 5 6 7))",
        "(:UNWOUND)",
        "(:UNWOUND)",
        "(2)",
        "(10)",
        "(1000)",
        "(NIL)",
        "(42)",
        "(3000000)",
        "(T)",
    ];
    assert_eq!(printed, expected);
    serving.abort();
}
