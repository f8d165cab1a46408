//! A subscriber of `tracing` that tells a test what it is told.

use std::fmt::{Debug, Write};
use std::sync::Mutex;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// Hands each event to `hear`: its level, its message with the fields (`a call came peer=..`), and
/// the spans it stands in, the outermost first (`wire{peer=..}:call{function=..}`). For tests whose
/// runtime is one thread: the spans that are entered are those of that thread.
pub(crate) struct Told<F> {
    hear: F,
    known: Mutex<Vec<String>>,
    entered: Mutex<Vec<String>>,
}

impl<F: Fn(Level, &str, &str)> Told<F> {
    pub(crate) fn new(hear: F) -> Self {
        Self { hear, known: Mutex::default(), entered: Mutex::default() }
    }

    fn around(&self) -> Option<String> {
        self.entered.lock().unwrap().last().cloned()
    }
}

impl<F: Fn(Level, &str, &str) + 'static> Subscriber for Told<F>
where
    Self: Send + Sync,
{
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields::default();
        span.record(&mut fields);
        let around = self.around().map_or_else(String::new, |around| around + ":");
        let mut known = self.known.lock().unwrap();
        known.push(format!("{around}{}{{{}}}", span.metadata().name(), fields.0));
        Id::from_u64(known.len() as u64)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let spans = self.around().unwrap_or_default();
        (self.hear)(*event.metadata().level(), &fields.0, &spans);
    }

    fn enter(&self, span: &Id) {
        let name = self.known.lock().unwrap()[span.into_u64() as usize - 1].clone();
        self.entered.lock().unwrap().push(name);
    }

    fn exit(&self, _: &Id) {
        self.entered.lock().unwrap().pop();
    }
}

#[derive(Default)]
struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let space = if self.0.is_empty() { "" } else { " " };
        if field.name() == "message" {
            self.0 = format!("{value:?}{space}{}", self.0);
        } else {
            write!(self.0, "{space}{}={value:?}", field.name()).unwrap();
        }
    }
}
