//! The reason of an unwinding: what the caller is told besides the bare fact.

use std::error::Error;
use std::fmt;

use crate::codec::{Decoder, Encoder, Unsendable, WrongType};
use crate::convert::{FromWire, ToWire};
use crate::value::{Symbol, Value};

/// Whether the function of a call that brought no value was run.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Ran {
    /// It certainly was not run: calling again cannot run it twice.
    No,
    /// Nobody here knows.
    Maybe,
    /// It was started.
    Yes,
}

/// The other side unwound past the call instead of returning from it.
///
/// A peer of the extended dialect says why: the condition is a Lisp-style name for what happened
/// (the error's type as Lisp would write it, `PANIC`, `UNDEFINED-FUNCTION`, `WRONG-ARGUMENTS`, ..),
/// the message is for people. A classic peer gives only the fact.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use wire::{CallError, Ran, Wire, functions, remote_fn, remote_value};
///
/// #[remote_fn]
/// fn divide(a: i64, b: i64) -> Result<i64, String> {
///     a.checked_div(b).ok_or_else(|| format!("{a} cannot be divided by {b}"))
/// }
///
/// let (here, _there) = Wire::pair(functions![], functions![divide])?;
/// let error = remote_value!(here, divide(1, 0) -> i64).value().await.unwrap_err();
/// let CallError::Unwound(unwound) = error else { panic!("{error}") };
/// assert_eq!(unwound.message(), "1 cannot be divided by 0");
/// assert_eq!(unwound.ran(), Ran::Yes);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Unwound {
    // Boxed, because an unwinding is the rare case and every result has room for it.
    reason: Box<Reason>,
}

#[derive(Clone, Debug, PartialEq)]
struct Reason {
    condition: Option<Symbol>,
    message: String,
    function: Option<String>,
    location: Option<String>,
    ran: Ran,
    value: Option<Value>,
}

impl Unwound {
    /// An unwinding with the reason `condition`, a symbol's name, and a message for people.
    pub fn new(condition: &str, message: impl Into<String>) -> Self {
        Self::with_condition(Some(Symbol::new(condition, WIRE_USER)), message.into(), Ran::Yes)
    }

    /// What a classic peer's abort tells.
    pub(crate) fn unexplained() -> Self {
        Self::with_condition(None, String::new(), Ran::Maybe)
    }

    pub(crate) fn with_condition(condition: Option<Symbol>, message: String, ran: Ran) -> Self {
        let reason =
            Reason { condition, message, function: None, location: None, ran, value: None };
        Self { reason: Box::new(reason) }
    }

    #[must_use]
    pub(crate) fn not_run(mut self) -> Self {
        self.reason.ran = Ran::No;
        self
    }

    /// The reason for the whole of which something was run already.
    #[must_use]
    pub(crate) fn of_more_that_ran(mut self) -> Self {
        if self.reason.ran == Ran::No {
            self.reason.ran = Ran::Yes;
        }
        self
    }

    #[must_use]
    pub(crate) fn of_function(mut self, function: impl Into<String>) -> Self {
        self.reason.function = Some(function.into());
        self
    }

    #[must_use]
    pub(crate) fn at(mut self, location: Option<String>) -> Self {
        self.reason.location = location;
        self
    }

    #[must_use]
    pub(crate) fn with_value(mut self, value: Option<Value>) -> Self {
        self.reason.value = value;
        self
    }

    /// What is left when a side does not tell its reasons: the fact, and whether it ran.
    #[must_use]
    pub(crate) fn withheld(&self) -> Self {
        Self::with_condition(None, String::new(), self.reason.ran)
    }

    /// The kind of the reason, or `None` if the peer did not tell it.
    pub fn condition(&self) -> Option<&Symbol> {
        self.reason.condition.as_ref()
    }

    /// Whether the condition has this name, in whatever package.
    pub fn is(&self, condition: &str) -> bool {
        self.condition().is_some_and(|symbol| symbol.name() == condition)
    }

    /// The message of the error or the panic, with the errors that caused it; empty if not told.
    pub fn message(&self) -> &str {
        &self.reason.message
    }

    /// The function that unwound, as the peer names it.
    pub fn function(&self) -> Option<&str> {
        self.reason.function.as_deref()
    }

    /// Where a panic happened, if the peer's program records it
    /// ([`record_panic_locations`](crate::record_panic_locations)).
    pub fn location(&self) -> Option<&str> {
        self.reason.location.as_deref()
    }

    /// Whether the function was run. A refused call certainly was not.
    pub fn ran(&self) -> Ran {
        self.reason.ran
    }

    /// The error value itself, from a function declared with `#[remote_fn(unwinds = E)]`.
    pub fn value(&self) -> Option<&Value> {
        self.reason.value.as_ref()
    }
}

impl fmt::Display for Unwound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.function() {
            Some(function) => write!(f, "the peer unwound from {function}")?,
            None => write!(f, "the peer unwound")?,
        }
        match self.condition() {
            Some(condition) => write!(f, ": {}", condition.name())?,
            None => write!(f, " and gave no reason")?,
        }
        if !self.message().is_empty() {
            write!(f, ": {}", self.message())?;
        }
        self.location().map_or(Ok(()), |location| write!(f, " (at {location})"))
    }
}

impl Error for Unwound {}

/// The package of conditions that this crate names.
const WIRE_USER: &str = "WIRE";

/// A property list, of which a peer may know fewer or more keys.
impl ToWire for Unwound {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        let reason = &*self.reason;
        let ran = match reason.ran {
            Ran::No => Some(false),
            Ran::Maybe => None,
            Ran::Yes => Some(true),
        };
        let fields: [(&str, Option<&dyn ToWire>); 6] = [
            ("CONDITION", reason.condition.as_ref().map(|c| c as _)),
            ("MESSAGE", Some(&reason.message)),
            ("FUNCTION", reason.function.as_ref().map(|f| f as _)),
            ("LOCATION", reason.location.as_ref().map(|l| l as _)),
            ("RAN", ran.as_ref().map(|r| r as _)),
            ("VALUE", reason.value.as_ref().map(|v| v as _)),
        ];
        let told = fields.iter().filter(|(_, value)| value.is_some()).count();
        let mut list = out.list(told * 2)?;
        for (key, value) in fields {
            if let Some(value) = value {
                list.element()?.keyword(key)?;
                value.to_wire(list.element()?)?;
            }
        }
        list.end()
    }
}

impl FromWire for Unwound {
    fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
        let mut read = Self::unexplained();
        let mut record = input.record("a reason")?;
        while let Some(key) = record.key()? {
            let reason = &mut *read.reason;
            match &*key {
                "CONDITION" => reason.condition = Some(FromWire::from_wire(record.value())?),
                "MESSAGE" => reason.message = FromWire::from_wire(record.value())?,
                "FUNCTION" => reason.function = Some(FromWire::from_wire(record.value())?),
                "LOCATION" => reason.location = Some(FromWire::from_wire(record.value())?),
                "RAN" => {
                    let ran = FromWire::from_wire(record.value())?;
                    reason.ran = if ran { Ran::Yes } else { Ran::No };
                }
                "VALUE" => reason.value = Some(FromWire::from_wire(record.value())?),
                _ => record.skip()?,
            }
        }
        Ok(read)
    }
}
