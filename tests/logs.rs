//! What a program that listens to `tracing` is told: of what, how loudly, and in which span.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

#[path = "support/guard.rs"]
mod guard;
#[path = "support/told.rs"]
mod told;

use std::sync::{Arc, Mutex};

use guard::{until, within};
use told::Told;
use tracing::Level;
use tracing::subscriber::{DefaultGuard, set_default};
use wire::{RequestServer, Wire, functions, remote, remote_fn, remote_value};

/// What was told so far: the level, the message with its fields, the spans.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<(Level, String, String)>>>);

impl Lines {
    fn listen() -> (Self, DefaultGuard) {
        let lines = Self::default();
        let told = lines.clone();
        let hear = move |level, text: &str, spans: &str| {
            told.0.lock().unwrap().push((level, text.to_owned(), spans.to_owned()));
        };
        (lines, set_default(Told::new(hear)))
    }

    fn about(&self, message: &str) -> Vec<(Level, String, String)> {
        let lines = self.0.lock().unwrap();
        lines.iter().filter(|(_, text, _)| text.starts_with(message)).cloned().collect()
    }

    /// The one line with that message.
    #[track_caller]
    fn one(&self, message: &str) -> (Level, String, String) {
        let lines = self.about(message);
        assert_eq!(lines.len(), 1, "{message}: {:?}", self.0.lock().unwrap());
        lines[0].clone()
    }
}

#[remote_fn]
fn divide(a: i64, b: i64) -> Result<i64, &'static str> {
    a.checked_div(b).ok_or("by zero")
}

#[tokio::test]
async fn a_call_that_unwinds_for_nobody_is_told_in_the_span_of_its_wire() {
    let (lines, _guard) = Lines::listen();
    let (here, _there) = Wire::pair(functions![], functions![divide]).unwrap();
    remote!(here, divide(1, 0)).unwrap();
    within(here.sync()).await.unwrap();
    let (level, text, spans) = lines.one("a call made for its effect unwound");
    assert_eq!(level, Level::DEBUG);
    assert!(text.contains("DIVIDE") && text.contains("by zero"), "{text}");
    assert_eq!(spans, format!("wire{{peer={}}}", here.peer()));

    // Whoever waits for the value is told the reason, and decides alone whether it is worth a line.
    within(remote_value!(here, divide(2, 0) -> i64).value()).await.unwrap_err();
    lines.one("a call made for its effect unwound");
}

#[tokio::test]
async fn a_call_of_what_is_not_offered_is_told() {
    let (lines, _guard) = Lines::listen();
    let (here, _there) = Wire::pair(functions![], functions![divide]).unwrap();
    remote!(here, multiply(1, 0)).unwrap();
    within(here.sync()).await.unwrap();
    let (level, text, spans) = lines.one("refused a call");
    assert_eq!(level, Level::INFO);
    assert!(text.contains("no function MULTIPLY"), "{text}");
    assert_eq!(spans, format!("wire{{peer={}}}", here.peer()));
}

#[remote_fn]
async fn greet(name: String) {
    tracing::info!("before it waits");
    tokio::task::yield_now().await;
    tracing::info!(name, "after it has waited");
}

#[tokio::test]
async fn what_functions_tell_stands_in_the_span_of_their_wire() {
    let (lines, _guard) = Lines::listen();
    let (here, _there) = Wire::pair(functions![], functions![greet]).unwrap();
    within(remote_value!(here, greet("Ada") -> ()).value()).await.unwrap();
    let wire = format!("wire{{peer={}}}", here.peer());
    assert_eq!(lines.one("before it waits").2, wire);
    let (_, text, spans) = lines.one("after it has waited");
    assert_eq!(text, "after it has waited name=\"Ada\"");
    assert_eq!(spans, format!("{wire}:call{{function=\"GREET\"}}"));
}

#[tokio::test]
async fn a_refused_peer_and_the_end_of_its_wire_are_told() {
    let (lines, _guard) = Lines::listen();
    let server = RequestServer::bind("127.0.0.1:0").await.unwrap();
    let server = server.on_connect(async |_| Err::<(), _>("not today"));
    let (handle, address) = (server.handle(), server.local_addr().unwrap());
    let serving = tokio::spawn(server.serve());
    let client = Wire::builder().classic().connect(address);
    let wire = within(client).await.unwrap();
    within(wire.closed()).await;
    until(|| handle.wires().is_empty()).await;
    handle.stop_accepting();
    within(serving).await.unwrap().unwrap();

    let (level, text, _) = lines.one("accepted");
    assert_eq!(level, Level::DEBUG);
    let peer = text.strip_prefix("accepted peer=").unwrap().to_owned();
    let (level, text, spans) = lines.one("a peer was refused");
    assert_eq!(level, Level::INFO);
    assert!(text.contains(&peer) && text.contains("not today"), "{text}");
    assert_eq!(spans, format!("wire{{peer={peer}}}"));
    let ends = lines.about("the wire ended");
    assert_eq!(ends.len(), 2, "each end tells of its own: {ends:?}");
    let (level, text, spans) = ends.iter().find(|end| end.2.contains(&peer)).unwrap();
    assert_eq!(*level, Level::DEBUG);
    assert!(text.contains("this side refused the peer: not today"), "{text}");
    assert_eq!(*spans, format!("wire{{peer={peer}}}"));
}
