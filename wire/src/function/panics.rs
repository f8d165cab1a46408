//! What a panic leaves: its message always, its place when the program has asked for it.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use crate::handle::discard;
use crate::session::Unwound;

thread_local! {
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Has panics in called functions tell their callers where they happened
/// ([`Unwound::location`]).
///
/// The place exists only inside of the panic hook, so this wraps the hook that is installed; call
/// it after installing your own. Further calls do nothing. It costs one formatted string a panic.
pub fn record_panic_locations() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let place = info.location().map(ToString::to_string);
            // A panic while the thread's own values are torn down has no caller to be told.
            let _ = PLACE.try_with(|kept| kept.replace(place));
            before(info);
        }));
    });
}

/// Runs code of users. Its panic becomes the reason of an unwinding.
pub(crate) fn catch<T>(run: impl FnOnce() -> T) -> Result<T, Unwound> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|payload| {
        let place = PLACE.try_with(RefCell::take).ok().flatten();
        let unwound = Unwound::new("PANIC", message(&*payload)).at(place);
        discard(payload);
        unwound
    })
}

fn message(payload: &(dyn Any + Send)) -> String {
    if let Some(message) = payload.downcast_ref::<&str>() {
        (*message).to_owned()
    } else if let Some(message) = payload.downcast_ref::<String>() {
        message.clone()
    } else {
        "a panic whose payload is not text".to_owned()
    }
}
