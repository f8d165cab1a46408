//! Conditions: Lisp's names for what went wrong.

use std::fmt;

use steel::rerrs::ErrorKind;
use steel::rvals::{Custom, IntoSteelVal};
use steel::{SteelErr, SteelVal};

/// An error as a command's handler sees it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Condition {
    /// The symbol's name: `DIVISION-BY-ZERO`.
    pub(super) name: String,
    pub(super) message: String,
}

impl Custom for Condition {
    fn fmt(&self) -> Option<Result<String, fmt::Error>> {
        Some(Ok(format!("#<{} {:?}>", self.name, self.message)))
    }
}

/// Parts the name from the message in an error of the engine's, which has no room for both.
const BETWEEN: char = '\u{1f}';

impl Condition {
    pub(super) fn new(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self { name: name.into(), message: message.into() }
    }

    pub(super) fn into_error(self) -> SteelErr {
        SteelErr::new(ErrorKind::Generic, format!("{}{BETWEEN}{}", self.name, self.message))
    }

    /// What an error of the engine's is in Lisp.
    pub(super) fn of(error: &SteelErr) -> Self {
        let text = error.to_string();
        let kind = format!("Error: {:?}: ", error.kind());
        let message = text.strip_prefix(&kind).unwrap_or(&text);
        if let Some((name, message)) = message.split_once(BETWEEN) {
            return Self::new(name, message);
        }
        Self::new(name_of(error.kind(), message), message)
    }

    /// The condition that a value of the engine's is or stands for.
    pub(super) fn in_value(value: &SteelVal) -> Option<Self> {
        let SteelVal::Custom(custom) = value else {
            return None;
        };
        let custom = custom.read();
        let any = custom.as_any_ref();
        let own = any.downcast_ref::<Self>().cloned();
        own.or_else(|| any.downcast_ref::<SteelErr>().map(Self::of))
    }

    pub(super) fn into_value(self) -> Result<SteelVal, SteelErr> {
        IntoSteelVal::into_steelval(self)
    }

    /// Whether a handler for conditions of this name takes it, as Common Lisp's classes go.
    pub(super) fn is(&self, class: &str) -> bool {
        match class {
            "T" | "CONDITION" | "SERIOUS-CONDITION" => true,
            "ERROR" => !self.is_storage(),
            "STORAGE-CONDITION" => self.is_storage(),
            "ARITHMETIC-ERROR" => matches!(
                &*self.name,
                "DIVISION-BY-ZERO" | "FLOATING-POINT-OVERFLOW" | "FLOATING-POINT-INVALID-OPERATION"
            ),
            "CELL-ERROR" => matches!(&*self.name, "UNBOUND-VARIABLE" | "UNDEFINED-FUNCTION"),
            "STREAM-ERROR" => matches!(&*self.name, "END-OF-FILE" | "READER-ERROR"),
            "PARSE-ERROR" => matches!(&*self.name, "READER-ERROR" | "PARSE-ERROR"),
            "SIMPLE-CONDITION" => self.name == "SIMPLE-ERROR",
            class => self.name == class,
        }
    }

    fn is_storage(&self) -> bool {
        matches!(&*self.name, "STACK-EXHAUSTED" | "STORAGE-EXHAUSTED")
    }

    /// Whether it ends the command whatever handlers there are.
    pub(super) fn is_final(&self) -> bool {
        self.name == INTERRUPTED
    }
}

fn name_of(kind: ErrorKind, message: &str) -> &'static str {
    match kind {
        ErrorKind::Generic if message.contains("division by zero") => "DIVISION-BY-ZERO",
        ErrorKind::Generic if message.contains("stack overflow") => "STACK-EXHAUSTED",
        ErrorKind::Generic if message.contains("Interrupted by user") => INTERRUPTED,
        ErrorKind::FreeIdentifier => "UNBOUND-VARIABLE",
        ErrorKind::ArityMismatch => "PROGRAM-ERROR",
        // What is called and is no function is of the wrong type, in Lisp.
        ErrorKind::TypeMismatch | ErrorKind::ConversionError | ErrorKind::BadSyntax => "TYPE-ERROR",
        _ => "SIMPLE-ERROR",
    }
}

/// The condition of a command that was stopped; whoever stopped it knows why.
pub(super) const INTERRUPTED: &str = "INTERRUPTED";

/// An error with this condition, as a function of the language returns it.
pub(super) fn error<T>(name: &str, message: impl Into<String>) -> Result<T, SteelErr> {
    Err(Condition::new(name, message).into_error())
}

/// An error that says that an argument is not what it should be.
pub(super) fn type_error<T>(wanted: &str, found: &SteelVal) -> Result<T, SteelErr> {
    error("TYPE-ERROR", format!("{} is not {wanted}", super::convert::shown(found)))
}
