//! A command on its way through a queue: what its sender said, what became of it.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use rand::rngs::OsRng;
use rand::{RngCore, TryRngCore};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What a sender hands to a queue: a command, and what may be done with it.
///
/// ```
/// use std::time::Duration;
/// use telephone::Submission;
///
/// let submission = Submission::new("(+ 1 2)").key("nightly-2026-11-22").time_limit(Duration::from_secs(5));
/// assert_eq!(submission.command, "(+ 1 2)");
/// ```
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, utoipa::ToSchema)]
#[non_exhaustive]
pub struct Submission {
    /// Lisp text: one form or several, of which the last gives the value.
    pub command: String,
    /// The sender's own name for it. A second submission under one key is not run: it gets the
    /// first one's id, or an error if it says something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Whether it may run again if a crash catches it running.
    #[serde(default)]
    pub repeatable: bool,
    /// How long it may run, in milliseconds, if that is less than the server allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_limit_ms: Option<u64>,
    /// How long it may wait for its turn, in milliseconds. After that it expires without having run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_after_ms: Option<u64>,
}

impl Submission {
    /// A command without conditions: no key, not repeatable, the server's limits.
    pub fn new(command: impl Into<String>) -> Self {
        Self {
            command: command.into(),
            key: None,
            repeatable: false,
            time_limit_ms: None,
            expires_after_ms: None,
        }
    }

    /// Names it, so that submitting it twice runs it once.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Says that it may run again if a crash catches it running.
    pub fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// Says how long it may run. The server's own limit holds as well.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit_ms = Some(milliseconds(limit));
        self
    }

    /// Says how long it may wait for its turn.
    pub fn expires_after(mut self, wait: Duration) -> Self {
        self.expires_after_ms = Some(milliseconds(wait));
        self
    }
}

fn milliseconds(duration: Duration) -> u64 {
    duration.as_millis().try_into().unwrap_or(u64::MAX)
}

/// The name of a command in a queue: `G`, and 125 random bits in Crockford's base 32.
///
/// The original's ids are Lisp's generated symbols, `G610`; these look like them, repeat on no
/// machine, and cannot be guessed. Partners that count their ids have theirs read as well.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct JobId(String);

impl JobId {
    /// A new one, from the system's source of randomness.
    ///
    /// # Panics
    /// If the system has no randomness to give.
    pub fn random() -> Self {
        let mut octets = [0; 25];
        OsRng.unwrap_err().fill_bytes(&mut octets);
        let letter = |octet: u8| char::from(ALPHABET[usize::from(octet) % ALPHABET.len()]);
        Self(std::iter::once('G').chain(octets.into_iter().map(letter)).collect())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for JobId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        Self::try_from(text.to_owned())
    }
}

impl TryFrom<String> for JobId {
    type Error = NotAnId;

    fn try_from(text: String) -> Result<Self, NotAnId> {
        let fits = (1..=MAX_ID).contains(&text.len())
            && text.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-');
        if fits { Ok(Self(text)) } else { Err(NotAnId) }
    }
}

impl From<JobId> for String {
    fn from(id: JobId) -> Self {
        id.0
    }
}

/// A text that cannot be the id of a command.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("an id is 1 to {MAX_ID} letters, digits and hyphens")]
#[non_exhaustive]
pub struct NotAnId;

/// Where a command stands.
///
/// ```text
///            ┌─────────► Expired                ┌──► Finished
///  Waiting ──┼────────────────────► Running ────┼──► Unwound
///            └─────────► Cancelled ◄────┤       └──► Interrupted   (its server crashed)
///     ▲                                 │
///     └─────── its server crashed, and its sender had said repeatable
/// ```
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum State {
    /// Stored, and not begun.
    Waiting,
    /// Begun.
    Running,
    /// It returned a value.
    Finished,
    /// It ended without a value, and left a hint.
    Unwound,
    /// It was called off, before or while it ran.
    Cancelled,
    /// It waited longer than its sender wanted, and never ran.
    Expired,
    /// A crash of its server caught it running: whether it did its work, nobody can say.
    Interrupted,
}

impl State {
    /// Whether nothing will change any more.
    pub fn is_ended(self) -> bool {
        !matches!(self, Self::Waiting | Self::Running)
    }

    /// The word for it, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Unwound => "unwound",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Interrupted => "interrupted",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Why a command has no value: what the original says in `(ERROR DIVISION-BY-ZERO)`, and more.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, utoipa::ToSchema)]
#[non_exhaustive]
pub struct Hint {
    /// The kind of error, a symbol's name: `DIVISION-BY-ZERO`.
    pub condition: String,
    /// What happened, for people.
    pub message: String,
}

impl Hint {
    /// A hint of this kind.
    pub fn new(condition: impl Into<String>, message: impl Into<String>) -> Self {
        Self { condition: condition.into(), message: message.into() }
    }
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.condition, self.message)
    }
}

/// How far a running command says it is.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, utoipa::ToSchema)]
#[non_exhaustive]
pub struct Progress {
    /// From 0 to 1.
    pub fraction: f64,
    /// What it is at; may be empty.
    #[serde(default)]
    pub note: String,
}

impl Progress {
    /// So far; from 0 to 1, and what is beyond counts as the nearer of them.
    pub fn new(fraction: f64, note: impl Into<String>) -> Self {
        let fraction = if fraction.is_nan() { 0.0 } else { fraction.clamp(0.0, 1.0) };
        Self { fraction, note: note.into() }
    }
}

/// A command in a queue, as it stands.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, utoipa::ToSchema)]
#[non_exhaustive]
pub struct Job {
    /// Its name.
    #[schema(value_type = String)]
    pub id: JobId,
    /// Its text.
    pub command: String,
    /// Where it stands.
    pub state: State,
    /// The value, as Lisp prints it, once it has finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Why there is none, once it has unwound or was interrupted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Hint>,
    /// How far it says it is, while it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
    /// Its sender's own name for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Whether it may run again after a crash.
    #[serde(default)]
    pub repeatable: bool,
    /// How often it was begun.
    #[serde(default)]
    pub attempts: u32,
    /// When it was stored.
    #[schema(value_type = String, format = DateTime)]
    pub submitted: Timestamp,
    /// When it was begun, the last time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started: Option<Timestamp>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended: Option<Timestamp>,
    /// How long it may run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_limit_ms: Option<u64>,
}

impl Job {
    /// One of which no more is known than this.
    pub(crate) fn new(
        id: JobId,
        command: impl Into<String>,
        state: State,
        submitted: Timestamp,
    ) -> Self {
        Self {
            id,
            command: command.into(),
            state,
            value: None,
            hint: None,
            progress: None,
            key: None,
            repeatable: false,
            attempts: 0,
            submitted,
            started: None,
            ended: None,
            time_limit_ms: None,
        }
    }
}

/// Letters that are not mistaken for each other.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// A UUID has 36, and nobody's ids need twice that.
const MAX_ID: usize = 64;
