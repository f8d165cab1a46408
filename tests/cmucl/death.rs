//! A process that is killed in the middle, whichever of the two.

use std::process::Stdio;

use tokio::process::{Child, Command};
use wire::{CallError, Ran, Wire, WireError, functions, remote, remote_fn, remote_value};

use crate::lisp::Lisp;
use crate::live::Role;
use crate::offer::offer;

live!(octets, classic, extended; server, client => [
    a_killed_lisp_ends_the_calls_that_wait,
    a_killed_lisp_ends_what_is_being_sent,
    a_lisp_that_quits_ends_the_calls_that_wait,
    a_form_of_lisp_ends_when_we_are_killed,
    lisp_serves_others_after_we_were_killed,
]);

#[remote_fn]
async fn never() {
    std::future::pending::<()>().await;
}

fn is_gone(why: &WireError) -> bool {
    use WireError::{Io, PeerClosed, PeerVanished};
    matches!(why, PeerClosed { .. } | PeerVanished | Io(_))
}

/// That a call ended because the wire did, and that it may have run.
fn assert_ended<T: std::fmt::Debug>(result: Result<T, CallError>) {
    let error = result.unwrap_err();
    let CallError::Ended { why, .. } = &error else { panic!("{error}") };
    assert!(is_gone(why), "{error}");
    assert_eq!(error.ran(), Ran::Maybe);
}

async fn assert_gone(wire: &Wire) {
    let why = wire.closed().await;
    assert!(is_gone(&why), "{why}");
    let error = remote!(wire, note(1)).unwrap_err();
    assert_eq!(error.ran(), Ran::No);
}

async fn a_killed_lisp_ends_the_calls_that_wait(mut lisp: Lisp) {
    let wire = lisp.wire(offer().merge(functions![never])).await;
    assert_eq!(remote_value!(wire, add(1, 1) -> i64).value().await.unwrap(), 2);
    // Each waits for the other.
    let waiting = remote_value!(wire, wait_for_you() -> i64);
    let behind = [(); 10].map(|()| remote_value!(wire, add(1, 1) -> i64));
    wire.force_output().await.unwrap();
    while wire.stats().calls_running == 0 {
        tokio::task::yield_now().await;
    }
    lisp.kill().await;
    assert_ended(waiting.value().await);
    for call in behind {
        // CMUCL may have served it while it waited.
        match call.value().await {
            Ok(sum) => assert_eq!(sum, 2),
            ended => assert_ended(ended),
        }
    }
    assert_gone(&wire).await;
}

async fn a_killed_lisp_ends_what_is_being_sent(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    let text = "x".repeat(3_000_000);
    let calls = [(); 3].map(|()| remote_value!(wire, echo(text) -> String));
    drop(wire.force_output());
    while wire.stats().octets_received == 0 || wire.stats().octets_sent < 1_000_000 {
        tokio::task::yield_now().await;
    }
    lisp.kill().await;
    for call in calls {
        let error = call.value().await.unwrap_err();
        assert!(matches!(error, CallError::Ended { .. }), "{error}");
        assert_ne!(error.ran(), Ran::Yes);
    }
    assert_gone(&wire).await;
}

async fn a_lisp_that_quits_ends_the_calls_that_wait(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    let quits = remote_value!(wire, ext::quit() -> i64);
    let behind = remote_value!(wire, add(1, 1) -> i64);
    // It quits by unwinding, and tells its caller so on the way out.
    assert_eq!(quits.await.unwrap(), (None, true));
    assert_ended(behind.value().await);
    assert_gone(&wire).await;
}

/// Another process of ours, connected with this Lisp, and the wire to that process.
async fn other_process(lisp: &mut Lisp) -> (Child, Wire) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_peer"));
    command.kill_on_drop(true).stderr(Stdio::null());
    let (wire, process) = Wire::builder().spawn(command).await.unwrap();
    match lisp.role() {
        Role::Server => {
            let port = lisp.serve().await;
            remote_value!(wire, connect_to_cmucl(port) -> ()).value().await.unwrap();
        }
        Role::Client => {
            let port: u16 = remote_value!(wire, serve()).value().await.unwrap();
            lisp.eval(&format!("(connect {port})")).await;
        }
    }
    (process, wire)
}

async fn a_form_of_lisp_ends_when_we_are_killed(mut lisp: Lisp) {
    let (mut process, wire) = other_process(&mut lisp).await;
    let kill = async {
        remote_value!(wire, never_runs() -> ()).value().await.unwrap();
        process.kill().await.unwrap();
    };
    let form = "(wire:remote-value *wire* (never) :gone)";
    assert_eq!(tokio::join!(lisp.eval(form), kill).0, ":GONE");
}

async fn lisp_serves_others_after_we_were_killed(mut lisp: Lisp) {
    let (mut process, wire) = other_process(&mut lisp).await;
    // It is killed while its call waits for Lisp, and Lisp's call for it.
    if let Role::Server = lisp.role() {
        remote_value!(wire, have_cmucl_wait() -> ()).value().await.unwrap();
        remote_value!(wire, never_runs() -> ()).value().await.unwrap();
    }
    process.kill().await.unwrap();
    let next = lisp.wire(offer()).await;
    assert_eq!(remote_value!(next, descend(10) -> i64).value().await.unwrap(), 10);
    assert_eq!(lisp.eval("(wire:remote-value *wire* (add 3 4))").await, "7");
}
