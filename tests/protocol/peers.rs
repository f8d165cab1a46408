//! The peer in Python that was written from the page, in both roles and both dialects.

use std::env;
use std::io::{self, Write};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;
use wire::{
    CallError, Functions, Remote, RequestServer, Value, Wire, functions, remote, remote_fn,
    remote_value, remote_value_bind,
};

use crate::program::offered;

/// Only a hang takes so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// Set where a missing Python is a failure.
const NEEDED: &str = "WIRE_NEEDS_PYTHON";

/// A Python that runs the peer; `None`, said aloud, if there is none on this machine.
fn python(arguments: &[&str]) -> Option<(Child, Lines<BufReader<ChildStdout>>)> {
    let child = Command::new("python3")
        .args(["-B", "tests/peers/program.py"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn();
    match child {
        Ok(mut child) => {
            let output = child.stdout.take().expect("it is piped");
            Some((child, BufReader::new(output).lines()))
        }
        Err(error) => {
            assert!(env::var_os(NEEDED).is_none(), "no python3 here ({error}); {NEEDED} is set");
            // Written past the capture of tests' output, so that everybody sees it.
            writeln!(io::stderr(), "SKIPPED: no python3 here ({error})").expect("it is open");
            None
        }
    }
}

async fn in_time<T>(run: impl Future<Output = T>) -> T {
    timeout(PATIENCE, run).await.expect("it ends in time")
}

async fn python_calls_rust(dialect: &str) -> Option<Vec<String>> {
    let server = RequestServer::bind("127.0.0.1:0").await.unwrap().functions(offered());
    let port = server.local_addr().unwrap().port().to_string();
    let handle = server.handle();
    let serving = tokio::spawn(server.serve());
    let (mut child, mut lines) = python(&["call", &port, dialect])?;
    let mut printed = Vec::new();
    while let Some(line) = in_time(lines.next_line()).await.unwrap() {
        printed.push(line);
    }
    assert!(in_time(child.wait()).await.unwrap().success(), "{printed:#?}");
    assert!(handle.shutdown(PATIENCE).await, "the peer left nothing behind");
    serving.await.unwrap().unwrap();
    Some(printed)
}

/// What a peer of either dialect prints before it comes to what only one of them has.
const VALUES: [&str; 7] = [
    "7",
    "-1097364144128",
    "3 2",
    "1 2 3 4 5 6 7",
    "41",
    "6",
    "['ü', [1, None, True], Symbol(name='ID', package='KEYWORD')]",
];

#[tokio::test]
async fn a_classic_peer_from_the_page_calls_a_server() {
    let Some(printed) = python_calls_rust("classic").await else { return };
    let rest = [
        "no floats",
        "lamp",
        "unwound: for no reason",
        "unwound: for no reason",
        "lamp", // the object is there until the wire ends
    ];
    assert_eq!(printed, [&VALUES[..], &rest].concat());
}

#[tokio::test]
async fn an_extended_peer_from_the_page_calls_a_server() {
    let Some(printed) = python_calls_rust("extended").await else { return };
    let rest = [
        "[1.5, b'\\xff']",
        "lamp",
        "unwound: 1 cannot be divided by 0",
        "unwound: no function NO-SUCH-THING can be called over this wire",
        "unwound: no thing of yours",
    ];
    assert_eq!(printed, [&VALUES[..], &rest].concat());
}

#[remote_fn]
fn twice(n: i64) -> i64 {
    2 * n
}

/// A peer that serves one wire, and that wire.
async fn server(
    dialect: &str,
    offer: Functions,
) -> Option<(Child, Lines<BufReader<ChildStdout>>, Wire)> {
    let (child, mut lines) = python(&["serve", dialect])?;
    let port = in_time(lines.next_line()).await.unwrap().expect("it says its port");
    let port: u16 = port.parse().unwrap();
    let builder = Wire::builder().functions(offer);
    // A busy machine may keep a Python from its hello for longer than a client waits by itself.
    let builder = match dialect {
        "extended" => builder.extended().hello_wait(PATIENCE),
        _ => builder,
    };
    let wire = builder.connect(("127.0.0.1", port)).await.unwrap();
    assert_eq!(wire.is_extended(), dialect == "extended");
    Some((child, lines, wire))
}

/// Calls that both dialects carry.
async fn rust_calls_python(wire: &Wire) -> Result<(), CallError> {
    assert_eq!(remote_value!(wire, add(3, 4) -> i64).value().await?, 7);
    let big = remote_value!(wire, add(i64::MAX, u64::MAX) -> i128).value().await?;
    assert_eq!(big, i128::from(i64::MAX) + i128::from(u64::MAX));
    let both = remote_value_bind!(wire, (q: i64, r: i64) = divide(17, 5), (q, r))?;
    assert_eq!(both, Some((3, 2)));
    let name = wire::Symbol::read("seven").unwrap();
    let seven = wire.call_values::<Vec<Value>>(&name, &[]).value().await?;
    assert_eq!(Value::list(seven).to_string(), "(1 2 3 4 5 6 7)");
    assert_eq!(remote_value!(wire, by_way_of_you(20) -> i64).value().await?, 41);
    let sent = Value::read("(1 (2 |a b|) \"vier\" :five nil t (6 . 7) -12345678901234567890)");
    let sent = sent.unwrap();
    assert_eq!(remote_value!(wire, echo(&sent) -> Value).value().await?, sent);
    for number in 0..100 {
        remote!(wire, echo(number))?;
    }
    wire.sync().await?;
    let long = "ä".repeat(100_000);
    assert_eq!(remote_value!(wire, echo(&long) -> String).value().await?, long);
    let many: Vec<i64> = (0..10_000).collect();
    assert_eq!(remote_value!(wire, echo(&many) -> Vec<i64>).value().await?, many);
    let thing: Remote = remote_value!(wire, new_thing("lamp")).value().await?;
    assert_eq!(remote_value!(wire, thing_text(&thing) -> String).value().await?, "lamp");
    Ok(())
}

async fn leave(mut child: Child, wire: Wire) {
    in_time(wire.close()).await;
    assert!(in_time(child.wait()).await.unwrap().success());
}

#[tokio::test]
async fn a_classic_peer_from_the_page_serves() {
    let Some((child, _lines, wire)) = server("classic", functions![twice]).await else { return };
    in_time(rust_calls_python(&wire)).await.unwrap();
    assert_eq!(remote_value!(wire, divide(1, 0) -> i64).await.unwrap(), (None, true));
    leave(child, wire).await;
}

#[tokio::test]
async fn an_extended_peer_from_the_page_serves() {
    let Some((child, mut lines, wire)) = server("extended", functions![twice]).await else {
        return;
    };
    in_time(rust_calls_python(&wire)).await.unwrap();
    let released = in_time(lines.next_line()).await.unwrap();
    assert_eq!(released.as_deref(), Some("released 1073741824 1"));
    let error = remote_value!(wire, divide(1, 0) -> i64).value().await.unwrap_err();
    let CallError::Unwound(reason) = error else { panic!("{error}") };
    assert!(reason.is("ZERODIVISIONERROR") && reason.message().contains("by zero"), "{reason}");
    let floats = vec![0.5, -1e300];
    assert_eq!(remote_value!(wire, echo(&floats) -> Vec<f64>).value().await.unwrap(), floats);
    let octets = bytes::Bytes::from_static(&[0, 255]);
    assert_eq!(remote_value!(wire, echo(&octets) -> bytes::Bytes).value().await.unwrap(), octets);
    leave(child, wire).await;
}
