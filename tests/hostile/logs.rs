//! How much a peer can make us log.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use wire::Limits;

use crate::limited;
use crate::raw::{call, over};

/// Counts the lines about refused calls.
struct Lines(Arc<AtomicUsize>);

impl Subscriber for Lines {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut about = About(false);
        event.record(&mut about);
        self.0.fetch_add(about.0.into(), Ordering::Relaxed);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct About(bool);

impl Visit for About {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0 |= field.name() == "message" && format!("{value:?}") == "refused a call";
    }
}

#[tokio::test(start_paused = true)]
async fn no_more_refusals_are_logged_than_allowed() {
    let lines = Arc::new(AtomicUsize::new(0));
    let _guard = tracing::subscriber::set_default(Lines(Arc::clone(&lines)));
    let (_wire, mut peer) = over(limited(Limits::default().logged_refusals(3)).classic()).await;
    peer.send(&call("NOBODY", &[]).repeat(100)).await;
    peer.check_alive(1).await;
    assert_eq!(lines.load(Ordering::Relaxed), 3);
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    peer.send(&call("NOBODY", &[]).repeat(100)).await;
    peer.check_alive(2).await;
    assert_eq!(lines.load(Ordering::Relaxed), 6, "the next second has its own");
}
