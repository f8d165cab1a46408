//! Servers: who is let in, with what, and how serving ends.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

#[path = "support/guard.rs"]
mod support;
#[path = "support/told.rs"]
mod told;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};
use std::time::Duration;

use support::{until, within};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::sync::{Notify, Semaphore, mpsc};
use tokio::task::JoinHandle;
use told::Told;
use wire::{
    BindError, CallError, ConnectError, Functions, FunctionsError, Peer, Ran, RequestServer,
    ServerHandle, Wire, WireError, functions, remote, remote_fn, remote_value,
};

#[remote_fn]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

/// A server on a free port.
async fn bind(functions: Functions) -> RequestServer {
    RequestServer::bind("127.0.0.1:0").await.unwrap().functions(functions)
}

/// Serves, and tells how.
fn serve(server: RequestServer) -> (ServerHandle, SocketAddr, JoinHandle<()>) {
    let handle = server.handle();
    let address = handle.local_addr().unwrap();
    (handle, address, tokio::spawn(async move { server.serve().await.unwrap() }))
}

/// Who is at the other end, as the hook decided.
struct Caller(String);

#[remote_fn]
fn who_am_i(caller: &Caller) -> String {
    caller.0.clone()
}

#[remote_fn]
fn title() -> String {
    "Dr".to_owned()
}

#[tokio::test]
async fn on_connect_sees_the_address_calls_back_and_gives_the_wire_its_value() {
    let server = bind(functions![who_am_i, add]).await.on_connect(async |wire: Wire| {
        let Peer::Tcp(address) = wire.peer().clone() else { panic!("{:?}", wire.peer()) };
        assert!(wire.is_extended(), "callbacks know their dialect");
        let title = remote_value!(wire, title() -> String).value().await?;
        Ok::<_, CallError>(Caller(format!("{title} {}", address.ip())))
    });
    let (handle, address, serving) = serve(server);
    let client = Wire::builder().functions(functions![title]);
    let wire = within(client.connect(address)).await.unwrap();
    let name = within(remote_value!(wire, who_am_i() -> String).value()).await.unwrap();
    assert_eq!(name, "Dr 127.0.0.1");
    let known = handle.wires();
    assert_eq!(known.len(), 1);
    assert_eq!(known[0].get::<Caller>().unwrap().0, name);
    assert!(within(handle.shutdown(Duration::from_secs(20))).await);
    within(serving).await.unwrap();
}

#[tokio::test]
async fn a_refused_client_sees_why() {
    let refuse = Arc::new(Notify::new());
    let refusing = Arc::clone(&refuse);
    let server = bind(functions![add]).await.on_connect(move |_| {
        let refuse = Arc::clone(&refusing);
        async move {
            refuse.notified().await;
            Err::<(), _>("not today")
        }
    });
    let (handle, address, _serving) = serve(server);
    let wire = within(Wire::connect(address)).await.unwrap();
    let call = remote_value!(wire, add(1, 2) -> i64);
    within(wire.force_output()).await.unwrap();
    let sent = wire.stats().octets_sent;
    until(|| handle.wires()[0].stats().octets_received == sent).await;
    refuse.notify_one();
    let error = within(call.value()).await.unwrap_err();
    assert!(error.to_string().contains("not today"), "{error}");
    assert_eq!(error.ran(), Ran::No);
    let why = within(wire.closed()).await;
    assert!(matches!(&why, WireError::PeerClosed { reason } if &**reason == "not today"), "{why}");
    let error = remote!(wire, add(1, 2)).unwrap_err();
    assert!(error.to_string().contains("not today"), "{error}");
    until(|| handle.wires().is_empty()).await;
}

/// What ran, in order.
#[derive(Default)]
struct Log(Mutex<Vec<i64>>);

#[remote_fn]
fn note(log: &Log, n: i64) {
    log.0.lock().unwrap().push(n);
}

#[remote_fn]
async fn note_later(log: &Log, n: i64) -> i64 {
    log.0.lock().unwrap().push(n);
    tokio::task::yield_now().await;
    n
}

#[tokio::test]
async fn calls_sent_before_admission_are_held_in_their_order() {
    let (log, admit) = (Arc::new(Log::default()), Arc::new(Notify::new()));
    let admitting = Arc::clone(&admit);
    let server =
        bind(functions![note, note_later].state(Arc::clone(&log))).await.on_connect(move |_| {
            let admit = Arc::clone(&admitting);
            async move {
                admit.notified().await;
                Ok::<_, CallError>(())
            }
        });
    let (handle, address, _serving) = serve(server);
    let wire = within(Wire::connect(address)).await.unwrap();
    let mut calls = Vec::new();
    for n in 0..100 {
        remote!(wire, note(2 * n)).unwrap();
        calls.push(remote_value!(wire, note_later(2 * n + 1) -> i64));
    }
    within(wire.force_output()).await.unwrap();
    let sent = wire.stats().octets_sent;
    until(|| handle.wires().iter().any(|wire| wire.stats().octets_received == sent)).await;
    assert!(log.0.lock().unwrap().is_empty());
    admit.notify_one();
    for (n, call) in calls.into_iter().enumerate() {
        assert_eq!(within(call.value()).await.unwrap(), 2 * n as i64 + 1);
    }
    assert_eq!(*log.0.lock().unwrap(), (0..200).collect::<Vec<_>>());
}

#[tokio::test]
async fn calls_held_for_admission_survive_the_close_of_their_sender() {
    for classic in [false, true] {
        let (log, admit) = (Arc::new(Log::default()), Arc::new(Notify::new()));
        let admitting = Arc::clone(&admit);
        let server = bind(functions![note].state(Arc::clone(&log))).await.on_connect(move |_| {
            let admit = Arc::clone(&admitting);
            async move {
                admit.notified().await;
                Ok::<_, CallError>(())
            }
        });
        let (handle, address, _serving) = serve(server);
        let client = if classic { Wire::builder().classic() } else { Wire::builder() };
        let wire = within(client.connect(address)).await.unwrap();
        remote!(wire, note(1), note(2)).unwrap();
        let closed = wire.close();
        until(|| handle.wires().iter().any(|wire| !wire.is_open())).await;
        admit.notify_one();
        within(closed).await;
        assert_eq!(*log.0.lock().unwrap(), [1, 2]);
    }
}

#[tokio::test]
async fn on_death_runs_for_each_wire_with_its_reason() {
    let (died, mut deaths) = mpsc::unbounded_channel();
    let server = bind(functions![add]).await.on_death(move |wire, why| {
        died.send((wire.peer().clone(), why.to_string())).unwrap();
    });
    let (handle, address, _serving) = serve(server);
    for reason in ["first", "second"] {
        let wire = within(Wire::connect(address)).await.unwrap();
        within(remote_value!(wire, add(1, 1) -> i64).value()).await.unwrap();
        within(wire.close_because(reason)).await;
        let (peer, why) = within(deaths.recv()).await.unwrap();
        assert!(matches!(peer, Peer::Tcp(_)));
        assert!(why.ends_with(reason), "{why}");
    }
    until(|| handle.wires().is_empty()).await;
}

#[tokio::test]
async fn wires_go_on_when_accepting_stops() {
    let (handle, address, serving) = serve(bind(functions![add]).await);
    let wire = within(Wire::connect(address)).await.unwrap();
    handle.stop_accepting();
    let refused = async {
        // What stood in the backlog may still be taken; it is closed then.
        while Wire::connect(address).await.is_ok() {}
    };
    within(refused).await;
    assert_eq!(within(remote_value!(wire, add(1, 2) -> i64).value()).await.unwrap(), 3);
    assert!(!serving.is_finished());
    within(wire.close()).await;
    within(serving).await.unwrap();
}

#[tokio::test]
async fn wires_go_on_when_serving_is_dropped() {
    let server = bind(functions![add]).await;
    let handle = server.handle();
    let address = server.local_addr().unwrap();
    let serving = tokio::spawn(server.serve());
    let wire = within(Wire::connect(address)).await.unwrap();
    serving.abort();
    assert!(within(serving).await.unwrap_err().is_cancelled());
    assert_eq!(within(remote_value!(wire, add(1, 2) -> i64).value()).await.unwrap(), 3);
    assert_eq!(handle.wires().len(), 1);
}

struct Work {
    started: Notify,
    go: Semaphore,
}

#[remote_fn]
async fn work(work: &Work) -> i64 {
    work.started.notify_one();
    work.go.acquire().await.unwrap().forget();
    7
}

#[tokio::test]
async fn shutdown_lets_calls_end_within_its_grace() {
    let state = Arc::new(Work { started: Notify::new(), go: Semaphore::new(0) });
    let (handle, address, serving) = serve(bind(functions![work].state(Arc::clone(&state))).await);
    let wire = within(Wire::connect(address)).await.unwrap();
    let call = tokio::spawn(remote_value!(wire, work() -> i64).value());
    within(state.started.notified()).await;
    let stopping = handle.clone();
    let down = tokio::spawn(async move { stopping.shutdown(Duration::from_secs(20)).await });
    until(|| handle.wires().iter().all(|wire| !wire.is_open())).await;
    state.go.add_permits(1);
    assert_eq!(within(call).await.unwrap().unwrap(), 7);
    assert!(within(down).await.unwrap());
    let why = within(wire.closed()).await;
    assert!(
        matches!(&why, WireError::PeerClosed { reason } if &**reason == "the server shuts down"),
        "{why}"
    );
    within(serving).await.unwrap();
}

#[tokio::test]
async fn shutdown_ends_what_outlives_its_grace() {
    let state = Arc::new(Work { started: Notify::new(), go: Semaphore::new(0) });
    let (handle, address, serving) = serve(bind(functions![work].state(Arc::clone(&state))).await);
    let wire = within(Wire::connect(address)).await.unwrap();
    let call = tokio::spawn(remote_value!(wire, work() -> i64).value());
    within(state.started.notified()).await;
    assert!(!within(handle.shutdown(Duration::from_millis(20))).await);
    assert_eq!(within(call).await.unwrap().unwrap_err().ran(), Ran::Maybe);
    within(wire.closed()).await;
    within(serving).await.unwrap();
    assert!(handle.wires().is_empty());
}

#[tokio::test]
async fn a_wire_that_is_made_while_the_server_shuts_down_is_closed() {
    let server = bind(functions![add]).await;
    let stopping = server.handle();
    let _guard = tracing::subscriber::set_default(Told::new(move |_, text, _| {
        if text.starts_with("accepted") {
            // Here the wire is not yet among those that it could close.
            let mut down = Box::pin(stopping.shutdown(Duration::from_secs(20)));
            assert!(down.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
        }
    }));
    let (handle, address, serving) = serve(server);
    if let Ok(wire) = within(Wire::connect(address)).await {
        let why = within(wire.closed()).await;
        assert!(matches!(why, WireError::PeerClosed { .. }), "{why}");
    }
    within(serving).await.unwrap();
    assert!(handle.wires().is_empty());
}

#[tokio::test]
async fn no_more_wires_than_allowed() {
    let (handle, address, _serving) = serve(bind(functions![add]).await.max_wires(2));
    let first = within(Wire::connect(address)).await.unwrap();
    let _second = within(Wire::connect(address)).await.unwrap();
    let third = within(Wire::connect(address)).await;
    assert!(matches!(third, Err(ConnectError::Ended(_))), "{third:?}");
    assert_eq!(handle.wires().len(), 2);
    within(first.close()).await;
    until(|| handle.wires().len() == 1).await;
    let third = within(Wire::connect(address)).await.unwrap();
    assert_eq!(within(remote_value!(third, add(1, 2) -> i64).value()).await.unwrap(), 3);
}

#[tokio::test]
async fn an_address_open_to_others_wants_the_word_insecure() {
    let refused = RequestServer::bind("0.0.0.0:0").await.unwrap_err();
    assert!(matches!(refused, BindError::Insecure { .. }));
    let message = refused.to_string();
    assert!(message.contains("0.0.0.0:0 is not a loopback address"), "{message}");
    assert!(message.contains("bind_insecure"), "{message}");
    let server = RequestServer::bind_insecure("0.0.0.0:0").await.unwrap();
    assert_ne!(server.local_addr().unwrap().port(), 0);
    assert!(RequestServer::bind("[::1]:0").await.is_ok());
}

#[tokio::test]
async fn a_listener_that_exists_already_is_served_whatever_its_address() {
    let inherited = std::net::TcpListener::bind("0.0.0.0:0").unwrap();
    inherited.set_nonblocking(true).unwrap();
    let address = inherited.local_addr().unwrap();
    let listener = tokio::net::TcpListener::from_std(inherited).unwrap();
    let (handle, served, serving) = serve(RequestServer::over(listener).functions(functions![add]));
    assert_eq!(served, address);
    let wire = within(Wire::connect(("127.0.0.1", address.port()))).await.unwrap();
    assert_eq!(within(remote_value!(wire, add(1, 2) -> i64).value()).await.unwrap(), 3);
    assert!(within(handle.shutdown(Duration::from_secs(20))).await);
    within(serving).await.unwrap();
}

mod other {
    #[wire::remote_fn]
    pub(crate) fn add(a: i64) -> i64 {
        a
    }
}

#[tokio::test]
async fn what_cannot_be_offered_is_told_before_the_first_octet() {
    let server = bind(functions![add, who_am_i]).await;
    let address = server.local_addr().unwrap();
    let error = within(server.serve()).await.unwrap_err();
    assert!(matches!(error, FunctionsError::MissingState { .. }));
    let message = error.to_string();
    assert!(message.contains("WHO-AM-I") && message.contains("`&Caller`"), "{message}");
    assert!(message.contains(file!()), "{message}");
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens");

    let error = within(bind(functions![add, other::add]).await.serve()).await.unwrap_err();
    assert!(matches!(error, FunctionsError::Duplicate { .. }));
    let message = error.to_string();
    assert!(message.contains("two functions are named ADD"), "{message}");
    assert_eq!(message.matches(file!()).count(), 2, "{message}");
    let apart = functions![add].merge(functions![other::add].package("OTHER"));
    assert!(Wire::pair(apart, functions![]).is_ok());

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let client = Wire::builder().functions(functions![who_am_i]);
    let error = within(client.clone().connect(address)).await.unwrap_err();
    assert!(matches!(error, ConnectError::Functions(_)), "{error}");
    let accepted = tokio::time::timeout(Duration::from_millis(1), listener.accept()).await;
    assert!(accepted.is_err(), "nobody connected");
    assert!(Wire::pair(functions![who_am_i], functions![]).is_err());
    // A value of the wire's own serves as well.
    assert!(client.insert(Caller("me".to_owned())).pair(Wire::builder()).is_ok());
    assert!(Wire::pair(functions![who_am_i].wire_value::<Caller>(), functions![]).is_ok());
}

#[tokio::test]
async fn a_unix_socket_is_served_and_removed() {
    let path = std::env::temp_dir().join(format!("wire-served-{}.sock", std::process::id()));
    let server = RequestServer::bind_unix(&path).unwrap().functions(functions![add]);
    let handle = server.handle();
    let serving = tokio::spawn(server.serve());
    let wire = within(Wire::builder().connect_unix(&path)).await.unwrap();
    assert_eq!(within(remote_value!(wire, add(1, 2) -> i64).value()).await.unwrap(), 3);
    assert_eq!(handle.local_addr(), None);
    assert!(within(handle.shutdown(Duration::from_secs(20))).await);
    within(serving).await.unwrap().unwrap();
    assert!(!path.exists());
}

#[tokio::test]
async fn one_bad_connection_is_nobody_elses_matter() {
    let deaths = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&deaths);
    let server = bind(functions![add]).await.on_death(move |_, _| {
        counted.fetch_add(1, Ordering::SeqCst);
    });
    let (_handle, address, _serving) = serve(server);
    let wire = within(Wire::connect(address)).await.unwrap();
    for octets in [&b"\xff\xff\xff"[..], b"", b"\x00\x00"] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(octets).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut rest = Vec::new();
        let _ = within(stream.read_to_end(&mut rest)).await;
    }
    until(|| deaths.load(Ordering::SeqCst) == 3).await;
    assert_eq!(within(remote_value!(wire, add(1, 2) -> i64).value()).await.unwrap(), 3);
}

#[tokio::test]
async fn accepting_goes_on_when_there_are_descriptors_again() {
    let mut command = Command::new("sh");
    let limited = "ulimit -n 32 && exec \"$0\"";
    command.args(["-c", limited, env!("CARGO_BIN_EXE_peer")]).kill_on_drop(true);
    let (parent, _child) = within(Wire::builder().spawn(command)).await.unwrap();
    let port = within(remote_value!(parent, serve() -> u16).value()).await.unwrap();
    let mut crowd = Vec::new();
    for _ in 0..40 {
        crowd.push(within(TcpStream::connect(("127.0.0.1", port))).await.unwrap());
    }
    let pressed = async {
        while remote_value!(parent, not_accepted() -> usize).value().await.unwrap() < 2 {}
    };
    within(pressed).await;
    drop(crowd);
    let wire = within(Wire::connect(("127.0.0.1", port))).await.unwrap();
    assert_eq!(within(remote_value!(wire, add(1, 2) -> i64).value()).await.unwrap(), 3);
}
