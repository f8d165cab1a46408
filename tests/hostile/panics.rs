//! Panics in everything that users give us: each is its own call's, and of nobody else.

use std::panic::panic_any;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use wire::{
    CallError, Decoder, Encoder, FromWire, Functions, RequestServer, ToWire, Unsendable, Wire,
    WireError, WrongType, functions, remote, remote_fn, remote_value,
};

use crate::{add, end_of};

/// Panics where it is told to.
#[derive(Debug, Default)]
struct Bomb {
    reading: bool,
    writing: bool,
    dropping: bool,
}

impl Drop for Bomb {
    fn drop(&mut self) {
        // A second panic while one unwinds is the end of the process, by Rust's own rule.
        if self.dropping && !std::thread::panicking() {
            panic!("a bomb was dropped");
        }
    }
}

impl ToWire for Bomb {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        out.integer(1)?;
        assert!(!self.writing, "a bomb was written");
        Ok(())
    }
}

impl FromWire for Bomb {
    fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
        input.integer()?;
        panic!("a bomb was read");
    }
}

#[remote_fn]
fn explode() -> i64 {
    panic!("at once");
}

#[remote_fn]
async fn explode_later() -> i64 {
    tokio::task::yield_now().await;
    panic!("later");
}

#[remote_fn(blocking)]
fn explode_elsewhere() -> i64 {
    panic!("elsewhere");
}

#[remote_fn]
fn explode_with_bomb() -> i64 {
    panic_any(Bomb { dropping: true, ..Bomb::default() });
}

#[remote_fn]
fn take_bomb(bomb: Bomb) -> bool {
    bomb.reading
}

#[remote_fn]
fn give_written_bomb() -> Bomb {
    Bomb { writing: true, ..Bomb::default() }
}

#[remote_fn]
fn give_dropped_bomb() -> Bomb {
    Bomb { dropping: true, ..Bomb::default() }
}

#[remote_fn]
async fn give_dropped_bomb_later() -> Bomb {
    tokio::task::yield_now().await;
    Bomb { dropping: true, ..Bomb::default() }
}

fn bombs() -> Functions {
    functions![
        add,
        explode,
        explode_later,
        explode_elsewhere,
        explode_with_bomb,
        take_bomb,
        give_written_bomb,
        give_dropped_bomb,
        give_dropped_bomb_later,
    ]
}

/// What a caller gets of each: the message of the unwinding, or `None` for a value.
const RESULTS: &[(&str, Option<&str>)] = &[
    ("EXPLODE", Some("at once")),
    ("EXPLODE-LATER", Some("later")),
    ("EXPLODE-ELSEWHERE", Some("elsewhere")),
    ("EXPLODE-WITH-BOMB", Some("a panic whose payload is not text")),
    ("TAKE-BOMB", Some("a bomb was read")),
    ("GIVE-WRITTEN-BOMB", Some("a bomb was written")),
    // The value has gone when it is dropped.
    ("GIVE-DROPPED-BOMB", None),
    ("GIVE-DROPPED-BOMB-LATER", None),
];

async fn explode_all(here: &Wire, extended: bool) {
    for (name, expected) in RESULTS {
        let symbol = wire::Symbol::read(name).unwrap();
        let arguments: &[&dyn ToWire] = if *name == "TAKE-BOMB" { &[&1] } else { &[] };
        let before = remote_value!(here, add(1, 2) -> i64);
        let exploded = here.call::<i64>(&symbol, arguments);
        let after = remote_value!(here, add(3, 4) -> i64);
        match (exploded.value().await, expected) {
            (Ok(1), None) => {}
            (Err(CallError::Unwound(reason)), Some(message)) => {
                assert!(!extended || reason.is("PANIC"), "{name}: {reason}");
                assert!(!extended || reason.message() == *message, "{name}: {reason}");
            }
            (other, _) => panic!("{name}: {other:?}"),
        }
        assert_eq!(before.value().await.unwrap(), 3, "{name}");
        assert_eq!(after.value().await.unwrap(), 7, "{name}");
        // For its effect alone.
        here.notify(&symbol, arguments).unwrap();
        here.sync().await.unwrap();
    }
}

#[tokio::test]
async fn every_panic_of_a_function_unwinds_its_own_call_and_no_other() {
    let (here, there) = Wire::pair(functions![], bombs()).unwrap();
    explode_all(&here, true).await;
    let (classic, classic_there) =
        Wire::builder().classic().pair(Wire::builder().functions(bombs()).classic()).unwrap();
    explode_all(&classic, false).await;
    for wire in [there, classic_there] {
        assert!(wire.is_open());
        while wire.stats().calls_running > 0 {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn a_panic_while_a_call_is_written_leaves_nothing_of_it() {
    let (here, _there) = Wire::pair(functions![], functions![add]).unwrap();
    let bomb = Bomb { writing: true, ..Bomb::default() };
    for _ in 0..3 {
        let new = wire::Symbol::new("NEVER-SENT", "P");
        let boom = || remote!(here, note(&new, &bomb));
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(boom));
        assert!(caught.is_err());
        let boom = || remote_value!(here, note(&new, &bomb) -> i64);
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(boom));
        assert!(caught.is_err());
        assert_eq!(remote_value!(here, add(1, 2) -> i64).value().await.unwrap(), 3);
    }
    assert_eq!(here.stats().calls_in_flight, 0);
}

#[tokio::test]
async fn a_panic_while_a_value_is_read_is_its_callers() {
    let (here, _there) = Wire::pair(functions![], functions![add]).unwrap();
    let error = remote_value!(here, add(1, 2) -> Bomb).value().await.unwrap_err();
    assert!(matches!(error, CallError::WrongType { .. }), "{error}");
    assert_eq!(remote_value!(here, add(1, 2) -> i64).value().await.unwrap(), 3);
}

/// Its panic has a payload whose own drop panics.
#[derive(Debug)]
struct Worse;

impl FromWire for Worse {
    fn from_wire(_: &mut Decoder<'_>) -> Result<Self, WrongType> {
        panic_any(Bomb { dropping: true, ..Bomb::default() });
    }
}

#[tokio::test]
async fn a_payload_that_panics_when_it_is_dropped_harms_nobody_else() {
    let (here, _there) = Wire::pair(functions![], functions![add]).unwrap();
    let error = remote_value!(here, add(1, 2) -> Worse).value().await.unwrap_err();
    assert!(matches!(error, CallError::WrongType { .. }), "{error}");
    assert_eq!(remote_value!(here, add(1, 2) -> i64).value().await.unwrap(), 3);
}

#[tokio::test]
async fn a_wire_whose_hooks_and_values_panic_still_ends_for_everybody() {
    let (here, there) = Wire::pair(functions![], functions![add]).unwrap();
    let told = Arc::new(AtomicUsize::new(0));
    for _ in 0..3 {
        let counted = Arc::clone(&told);
        here.on_death(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            panic!("a hook panics");
        });
    }
    here.insert(Bomb { dropping: true, ..Bomb::default() });
    let closed = tokio::spawn(here.closed());
    tokio::task::yield_now().await;
    there.abort("enough");
    end_of(&here).await;
    assert!(closed.await.is_ok());
    assert_eq!(told.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn a_panic_in_the_hook_refuses_its_peer_and_the_server_goes_on() {
    let first = AtomicUsize::new(0);
    let ends = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&ends);
    let server = RequestServer::bind("127.0.0.1:0").await.unwrap();
    let server = server
        .functions(functions![add])
        .on_connect(move |_| {
            let number = first.fetch_add(1, Ordering::Relaxed);
            assert_ne!(number, 0, "the hook panics at once");
            async move {
                tokio::task::yield_now().await;
                assert_ne!(number, 1, "the hook panics later");
                Ok::<_, String>(())
            }
        })
        .on_death(move |_, why| kept.lock().unwrap().push(why.clone()));
    let handle = server.handle();
    tokio::spawn(server.serve());
    for _ in 0..2 {
        let wire = Wire::connect(handle.local_addr().unwrap()).await;
        if let Ok(wire) = wire {
            end_of(&wire).await;
        }
    }
    let wire = Wire::connect(handle.local_addr().unwrap()).await.unwrap();
    assert_eq!(remote_value!(wire, add(1, 2) -> i64).value().await.unwrap(), 3);
    while ends.lock().unwrap().len() < 2 {
        tokio::task::yield_now().await;
    }
    for why in &*ends.lock().unwrap() {
        assert!(matches!(why, WireError::Refused { .. }), "{why}");
    }
}
