//! What builders and servers are told is what they do, in whatever order they are told it.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::time::timeout;
use wire::{
    CallError, ConnectError, Limits, Peer, RequestServer, ServerHandle, Wire, WireError, functions,
    remote, remote_fn, remote_value,
};

/// A guard against hanging, far above what anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

#[remote_fn]
fn length_of(text: String) -> u64 {
    text.len() as u64
}

#[remote_fn]
async fn never() {
    std::future::pending::<()>().await;
}

/// Where a server serves that was set up like this.
async fn serving(set: impl FnOnce(RequestServer) -> RequestServer) -> (String, ServerHandle) {
    let server = RequestServer::bind("127.0.0.1:0").await.unwrap();
    let server = set(server.functions(functions![length_of, never]));
    let handle = server.handle();
    tokio::spawn(server.serve());
    (handle.local_addr().unwrap().to_string(), handle)
}

#[tokio::test]
async fn a_servers_limits_hold_whichever_is_said_first() {
    let small = || Limits::default().object_weight(1000);
    let other = || Wire::builder().latin1();
    let (first, _one) = serving(|server| server.limits(small()).wires(other())).await;
    let (second, _two) = serving(|server| server.wires(other()).limits(small())).await;
    for address in [first, second] {
        let wire = Wire::connect(&address).await.unwrap();
        let error =
            remote_value!(wire, length_of("x".repeat(5000)) -> u64).value().await.unwrap_err();
        assert!(matches!(error, CallError::Unsendable { .. }), "{error}");
        assert!(error.to_string().contains("reads 1000 (its `Limits::object_weight`)"), "{error}");
        // One that did not listen to the hello is told by the server.
        let deaf = Wire::builder().classic().connect(&address).await.unwrap();
        let (value, unwound) =
            remote_value!(deaf, length_of("x".repeat(5000)) -> u64).await.unwrap();
        assert_eq!((value, unwound), (None, true));
    }
}

#[tokio::test]
async fn a_server_of_the_extended_dialect_alone_refuses_who_says_no_hello() {
    let (address, _server) = serving(|server| {
        server.wires(Wire::builder().extended().hello_wait(Duration::from_millis(50)))
    })
    .await;
    let wire = Wire::builder().extended().connect(&address).await.unwrap();
    assert_eq!(remote_value!(wire, length_of("abc") -> u64).value().await.unwrap(), 3);
    let classic = Wire::builder().classic().connect(&address).await.unwrap();
    let called = timeout(PATIENCE, remote_value!(classic, length_of("abc") -> u64)).await.unwrap();
    assert!(matches!(called, Ok((None, true)) | Err(CallError::Ended { .. })), "{called:?}");
    let why = timeout(PATIENCE, classic.closed()).await.unwrap();
    assert!(matches!(why, WireError::PeerClosed { .. }), "{why}");
}

#[tokio::test]
async fn connecting_with_the_extended_dialect_alone_fails_without_a_hello() {
    let wait = Duration::from_millis(20);
    for builder in
        [Wire::builder().extended().hello_wait(wait), Wire::builder().hello_wait(wait).extended()]
    {
        let (near, _far) = tokio::io::duplex(4096);
        let error = timeout(PATIENCE, builder.over(near)).await.unwrap().unwrap_err();
        assert!(matches!(error, ConnectError::NotExtended { waited } if waited == wait), "{error}");
    }
}

#[tokio::test]
async fn whoever_makes_a_stream_can_say_who_is_at_its_end() {
    let (near, _far) = tokio::io::duplex(4096);
    let wire = Wire::builder().classic().peer("ada, by her key").over(near).await.unwrap();
    assert_eq!(wire.peer(), &Peer::Stream("ada, by her key".to_owned()));
    assert_eq!(wire.peer().to_string(), "ada, by her key");
}

#[tokio::test]
async fn what_is_withheld_is_not_told() {
    let offer = functions![length_of, never].withhold_functions().withhold_reasons();
    let limits = Limits::default().running_calls(1);
    let there = Wire::builder().functions(offer).limits(limits);
    let (here, _there) = Wire::builder().pair(there).unwrap();
    assert!(matches!(here.functions().await, Err(CallError::Unwound(_))));
    let _running = remote_value!(here, never() -> ());
    here.sync().await.unwrap();
    let error = remote_value!(here, never() -> ()).value().await.unwrap_err();
    let CallError::Unwound(unwound) = error else { panic!("{error}") };
    assert_eq!((unwound.condition(), unwound.message()), (None, ""));
}

#[tokio::test]
async fn blocking_in_a_hook_fails_at_once() {
    let (address, _server) = serving(|server| {
        server.on_connect(|wire: Wire| async move {
            match remote_value!(wire, length_of("abc") -> u64).value().wait() {
                Err(CallError::WouldDeadlock { .. }) => Ok(()),
                other => Err(format!("{other:?}")),
            }
        })
    })
    .await;
    let wire = Wire::connect(&address).await.unwrap();
    let called = timeout(PATIENCE, remote_value!(wire, length_of("abc") -> u64)).await.unwrap();
    assert_eq!(called.unwrap(), (Some(3), false));
}

/// Keeps its wire's task busy for a moment, and counts.
#[remote_fn]
fn spin(count: &AtomicUsize) {
    count.fetch_add(1, Ordering::Relaxed);
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_micros(20) {
        std::hint::spin_loop();
    }
}

#[tokio::test]
async fn a_flooded_wire_lets_others_have_their_turn_on_one_thread() {
    const FLOOD: usize = 60_000;
    let count = Arc::new(AtomicUsize::new(0));
    let offer = functions![spin, length_of].state(Arc::clone(&count));
    let (loud, _served) = Wire::pair(functions![], offer).unwrap();
    let (calm_address, _server) = serving(|server| server).await;
    let calm = Wire::connect(&calm_address).await.unwrap();
    for _ in 0..FLOOD {
        remote!(loud, spin()).unwrap();
    }
    drop(loud.force_output());
    let answered = remote_value!(calm, length_of("abc") -> u64).value();
    assert_eq!(timeout(PATIENCE, answered).await.unwrap().unwrap(), 3);
    let before = count.load(Ordering::Relaxed);
    assert!(before < FLOOD / 5, "{before} calls of the flood came before one of a calm wire");
    loud.abort("enough");
}

#[remote_fn]
fn name_of(own: &Own) -> String {
    own.0.clone()
}

/// A value that each wire is to have of its own.
struct Own(String);

#[tokio::test]
async fn a_wires_own_value_is_found_taken_out_and_missed_by_name() {
    let offer = functions![name_of].wire_value::<Own>();
    let (here, there) = Wire::pair(functions![], offer).unwrap();
    let missing = remote_value!(here, name_of() -> String).value().await.unwrap_err();
    let CallError::Unwound(unwound) = missing else { panic!("{missing}") };
    assert!(unwound.is("MISSING-STATE") && unwound.message().contains("Own"), "{unwound}");
    assert_eq!(unwound.ran(), wire::Ran::No);
    there.insert(Own("ada".to_owned()));
    assert_eq!(remote_value!(here, name_of() -> String).value().await.unwrap(), "ada");
    assert_eq!(there.get::<Own>().unwrap().0, "ada");
    assert_eq!(there.remove::<Own>().unwrap().0, "ada");
    assert!(there.get::<Own>().is_none() && there.remove::<Own>().is_none());
}

#[remote_fn]
fn password() -> String {
    "swordfish".to_owned()
}

#[tokio::test]
async fn a_hook_gets_its_answer_from_behind_more_calls_than_are_held() {
    let limits = Limits::default().held_calls(1000);
    let (address, _server) = serving(|server| {
        server.limits(limits).on_connect(|wire: Wire| async move {
            // The peer's calls are on their way already; its answer comes behind them.
            remote_value!(wire, password() -> String).value().await
        })
    })
    .await;
    let offer = Wire::builder().functions(functions![password]);
    let wire = offer.connect(&address).await.unwrap();
    let called: Vec<_> = (0..100).map(|_| remote_value!(wire, length_of("abc") -> u64)).collect();
    let (mut ran, mut refused) = (0, 0);
    for call in called {
        match timeout(PATIENCE, call.value()).await.unwrap() {
            Ok(3) => ran += 1,
            Err(CallError::Unwound(unwound)) if unwound.is("TOO-MANY-CALLS") => {
                assert_eq!(unwound.ran(), wire::Ran::No);
                refused += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(ran + refused, 100);
    assert!(ran >= 1, "those that were held ran");
}
