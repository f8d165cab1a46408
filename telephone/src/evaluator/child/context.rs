//! What the functions of the language share on the evaluating thread.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use steel::SteelVal;
use wire::Wire;

use crate::evaluator::message::Settings;

thread_local! {
    static CONTEXT: RefCell<Option<Context>> = const { RefCell::new(None) };
    /// How deep the calls of the command nest that are not in tail position.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    static LIMIT: Cell<u32> = const { Cell::new(0) };
    /// The values of the form that gave several last.
    static VALUES: RefCell<Option<Vec<SteelVal>>> = const { RefCell::new(None) };
}

#[derive(Clone)]
pub(super) struct Context {
    pub(super) wire: Wire,
    pub(super) settings: Arc<Settings>,
    raised: Arc<AtomicBool>,
}

impl Context {
    /// Whether the command shall stop.
    pub(super) fn is_interrupted(&self) -> bool {
        self.raised.load(Ordering::Relaxed)
    }
}

pub(super) fn set(wire: Wire, settings: Settings, raised: Arc<AtomicBool>) {
    LIMIT.set(settings.depth);
    let context = Context { wire, settings: Arc::new(settings), raised };
    CONTEXT.with_borrow_mut(|slot| *slot = Some(context));
}

/// The context; every function of the language runs on the thread that has one.
pub(super) fn get() -> Option<Context> {
    CONTEXT.with_borrow(Clone::clone)
}

pub(super) fn depth() -> u32 {
    DEPTH.get()
}

pub(super) fn set_depth(depth: u32) {
    DEPTH.set(depth);
}

/// Keeps the values of a form that gives several.
pub(super) fn set_values(values: Option<Vec<SteelVal>>) {
    VALUES.with_borrow_mut(|slot| *slot = values);
}

/// Takes the values kept.
pub(super) fn take_values() -> Option<Vec<SteelVal>> {
    VALUES.with_borrow_mut(Option::take)
}

/// How deep calls may nest.
pub(super) fn depth_limit() -> u32 {
    LIMIT.get()
}
