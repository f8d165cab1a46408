//! What a remote function may return.

use std::any::type_name;
use std::error::Error;

use crate::convert::{ToWire, to_value};
use crate::handle::CallError;
use crate::session::Unwound;

/// What a remote function may return: anything [`ToWire`], or a `Result` of that whose error
/// becomes a boxed one. A tuple is several values; an `Err` unwinds.
#[diagnostic::on_unimplemented(
    message = "a remote function cannot return `{Self}`",
    note = "return something that is `ToWire`, or a `Result` of it whose error becomes a \
            `Box<dyn Error + Send + Sync>`"
)]
pub trait Returns {
    /// The values.
    type Values: ToWire;

    /// The values, or the reason to unwind.
    ///
    /// # Errors
    /// The reason.
    fn returned(self) -> Result<Self::Values, Unwound>;
}

impl<T: ToWire> Returns for T {
    type Values = T;

    fn returned(self) -> Result<T, Unwound> {
        Ok(self)
    }
}

impl<T: ToWire, E: Into<Box<dyn Error + Send + Sync>>> Returns for Result<T, E> {
    type Values = T;

    fn returned(self) -> Result<T, Unwound> {
        self.map_err(|error| reason::<E>(&*error.into()))
    }
}

/// What [`Returns`] is for a function with `unwinds = E`: the error itself goes along.
pub(crate) fn returned_with_value<T, E>(result: Result<T, E>) -> Result<T, Unwound>
where
    E: ToWire + Into<Box<dyn Error + Send + Sync>>,
{
    result.map_err(|error| {
        let value = to_value(&error).ok();
        reason::<E>(&*error.into()).with_value(value)
    })
}

/// The reason that an error of type `E` is to a caller.
fn reason<E>(error: &(dyn Error + Send + Sync + 'static)) -> Unwound {
    // An unwinding that is handed on keeps its kind; its message tells the chain.
    let handed_on = match error.downcast_ref() {
        Some(CallError::Unwound(unwound)) => Some(unwound),
        _ => error.downcast_ref::<Unwound>(),
    };
    let condition = handed_on
        .and_then(|unwound| Some(unwound.condition()?.name().to_owned()))
        .unwrap_or_else(|| condition(type_name::<E>()));
    Unwound::new(&condition, with_sources(error))
}

/// The type's name as Lisp would write it: `DivideError` is `DIVIDE-ERROR`.
fn condition(type_name: &str) -> String {
    let plain = type_name.split('<').next().unwrap_or_default();
    let last = plain.rsplit(':').next().unwrap_or_default();
    if matches!(last, "String" | "&str" | "Box" | "str") {
        return "SIMPLE-ERROR".to_owned();
    }
    let mut name = String::with_capacity(last.len() + 4);
    let mut after_small = false;
    for letter in last.chars() {
        if after_small && letter.is_uppercase() {
            name.push('-');
        }
        after_small = letter.is_lowercase() || letter.is_ascii_digit();
        name.extend(if letter == '_' { '-' } else { letter }.to_uppercase());
    }
    name
}

/// The error's message, and those of its sources that it does not repeat itself.
fn with_sources(error: &(dyn Error + 'static)) -> String {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let text = error.to_string();
        if !message.contains(&text) {
            message.push_str(": ");
            message.push_str(&text);
        }
        source = error.source();
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_named_as_lisp_would() {
        assert_eq!(condition("my_crate::DivideError"), "DIVIDE-ERROR");
        assert_eq!(condition("std::io::error::Error"), "ERROR");
        assert_eq!(condition("a::HTTPError<alloc::string::String>"), "HTTPERROR");
        assert_eq!(condition("alloc::string::String"), "SIMPLE-ERROR");
        assert_eq!(condition("&str"), "SIMPLE-ERROR");
    }

    #[test]
    fn sources_are_told_once() {
        #[derive(Debug, thiserror::Error)]
        #[error("cannot open the door")]
        struct Outer(#[source] std::num::ParseIntError);

        let inner = "x".parse::<i32>().expect_err("x is no number");
        assert_eq!(
            with_sources(&Outer(inner)),
            "cannot open the door: invalid digit found in string"
        );
    }
}
