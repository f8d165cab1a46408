//! serde's complaints as ours.

use std::fmt::{self, Display};

use ::serde::de::{Expected, Unexpected};
use ::serde::{de, ser};

use crate::codec::WrongType;

/// Why serde could not read a value.
#[derive(Debug)]
pub(super) struct ReadError(WrongType);

impl ReadError {
    pub(super) fn new(expected: &'static str, found: impl Display) -> Self {
        Self(WrongType::new(expected, found.to_string()))
    }

    pub(super) fn within(self, place: String) -> Self {
        Self(self.0.within(place))
    }
}

impl From<ReadError> for WrongType {
    fn from(error: ReadError) -> Self {
        error.0
    }
}

impl Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.0, f)
    }
}

impl std::error::Error for ReadError {}

impl de::Error for ReadError {
    fn custom<T: Display>(message: T) -> Self {
        Self::new("what the type accepts", message)
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self(WrongType::new(expected.to_string(), format!("the {unexpected}")))
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(unexpected, expected)
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Self(WrongType::new(expected.to_string(), format!("{length} elements")))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let known = expected.join(", ");
        Self(WrongType::new(format!("one of {known}"), format!(":{variant}")))
    }

    fn missing_field(field: &'static str) -> Self {
        Self(WrongType::new(format!("field `{field}`"), "nothing"))
    }
}

/// Why serde could not write a value.
#[derive(Debug)]
pub(super) struct WriteError(pub(super) String);

impl Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WriteError {}

impl ser::Error for WriteError {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}
