//! `Answer`: how a command stands, as the original says it.

use std::fmt;

use thiserror::Error;
use wire::Symbol;

use super::{decode, encode};
use crate::job::{Job, State};

/// How a command stands, in the words of the original.
///
/// It knows fewer than [`State`] has: whatever ends without a value is a finished error.
///
/// | [`State`] | the original's |
/// |---|---|
/// | no such command | `(ID-NOT-FOUND NIL)` |
/// | `Waiting` | `(SYSTEM-DOWN NIL)` |
/// | `Running` | `(RUNNING NIL)` |
/// | `Finished` | `(FINISHED value)` |
/// | `Unwound` | `(FINISHED (ERROR DIVISION-BY-ZERO))` |
/// | `Cancelled`, `Expired`, `Interrupted` | `(FINISHED (ERROR CANCELLED))`, and so on |
///
/// It is shown as the original's user sees it, without packages:
///
/// ```
/// use telephone::original::Answer;
///
/// let answer = Answer::read_body("%28TELEPHONE%3A%3AFINISHED%203%29")?;
/// assert_eq!(answer, Answer::Finished("3".to_owned()));
/// assert_eq!(answer.to_string(), "(FINISHED 3)");
/// # Ok::<(), telephone::original::NotAnAnswer>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Answer {
    /// There is no such command.
    NotFound,
    /// It was filed, and not begun. The original says `SYSTEM-DOWN`, since that is why it lasts.
    Waiting,
    /// It was begun.
    Running,
    /// It returned this value, as Lisp prints it.
    Finished(String),
    /// It ended in an error of this type, a symbol's name. A command that returns the list
    /// `(ERROR NAME)` cannot be told from it.
    Failed(String),
}

impl Answer {
    /// How a job stands; `None` is one that is not there.
    pub fn of(job: Option<&Job>) -> Self {
        let Some(job) = job else {
            return Self::NotFound;
        };
        match job.state {
            State::Waiting => Self::Waiting,
            State::Running => Self::Running,
            State::Finished => Self::Finished(job.value.clone().unwrap_or_else(|| NIL.to_owned())),
            State::Unwound => {
                let condition = job.hint.as_ref().map_or("ERROR", |hint| &hint.condition);
                Self::Failed(condition.to_owned())
            }
            ended => Self::Failed(ended.as_str().to_uppercase()),
        }
    }

    /// Whether nothing will change any more.
    pub fn is_ended(&self) -> bool {
        !matches!(self, Self::Waiting | Self::Running)
    }

    /// The body of the answer: printed with packages, percent-encoded.
    pub fn to_body(&self) -> String {
        encode(&format!("(TELEPHONE::{} {})", self.word(), self.rest()))
    }

    /// Reads the body of an answer, with or without packages, in any case that Lisp's reader folds.
    ///
    /// The value is taken as it is printed and not read: it may be what no reader reads.
    ///
    /// # Errors
    /// [`NotAnAnswer`] if it is no percent-encoded list of a state and a value.
    pub fn read_body(body: &str) -> Result<Self, NotAnAnswer> {
        let text = decode(body)?;
        Self::read(&text).ok_or_else(|| NotAnAnswer::new("a state and a value in a list", &text))
    }

    fn read(text: &str) -> Option<Self> {
        let (state, rest) = pair(text)?;
        let state = Symbol::read(state).ok()?;
        match state.name() {
            "ID-NOT-FOUND" => Some(Self::NotFound),
            "SYSTEM-DOWN" => Some(Self::Waiting),
            "RUNNING" => Some(Self::Running),
            "FINISHED" => {
                Some(condition(rest).map_or_else(|| Self::Finished(rest.to_owned()), Self::Failed))
            }
            _ => None,
        }
    }

    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::NotFound => "ID-NOT-FOUND",
            Self::Waiting => "SYSTEM-DOWN",
            Self::Running => "RUNNING",
            Self::Finished(_) | Self::Failed(_) => "FINISHED",
        }
    }

    pub(crate) fn rest(&self) -> String {
        match self {
            Self::NotFound | Self::Waiting | Self::Running => NIL.to_owned(),
            Self::Finished(value) => value.clone(),
            // Printed by Lisp's rules: a name that is no plain symbol's stands between bars.
            Self::Failed(name) => format!("(ERROR {})", Symbol::new(name, "COMMON-LISP-USER")),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({} {})", self.word(), self.rest())
    }
}

/// A body that is not what the original answers.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("it is not {expected}, as the original answers, but {found:?}")]
#[non_exhaustive]
pub struct NotAnAnswer {
    expected: &'static str,
    found: String,
}

impl NotAnAnswer {
    pub(super) fn new(expected: &'static str, found: &str) -> Self {
        Self { expected, found: found.chars().take(SHOWN).collect() }
    }
}

/// The condition of `(ERROR NAME)`, if the value is such a list.
fn condition(value: &str) -> Option<String> {
    let (error, name) = pair(value)?;
    let is_error = Symbol::read(error).is_ok_and(|error| error.name() == "ERROR");
    let name = Symbol::read(name).ok().filter(|_| is_error)?;
    Some(name.name().to_owned())
}

/// The first element of a printed list, and all that stands after it.
fn pair(list: &str) -> Option<(&str, &str)> {
    let inner = list.trim().strip_prefix('(')?.strip_suffix(')')?.trim();
    let (first, rest) = inner.split_once(char::is_whitespace)?;
    Some((first, rest.trim_start()))
}

const NIL: &str = "NIL";
/// How many characters of a stranger's text an error shows.
const SHOWN: usize = 120;
