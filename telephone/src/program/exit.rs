//! How the program ends.

use std::io;
use std::process::ExitCode;

use telephone::partner::{Failure, PartnerError};
use telephone::{Job, MapError, PartnersError, State};

/// What the exit code says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Exit {
    Done = 0,
    Unwound = 1,
    Usage = 2,
    Partner = 3,
    NoResult = 4,
    NotYet = 5,
    Here = 6,
    Interrupted = 130,
    Terminated = 143,
}

impl Exit {
    /// What a command's state means for whoever waited for it.
    pub(crate) fn of(job: &Job) -> Self {
        match job.state {
            State::Finished => Self::Done,
            State::Unwound => Self::Unwound,
            State::Waiting | State::Running => Self::NotYet,
            _ => Self::NoResult,
        }
    }

    /// What a shell says of a program that ended by this signal.
    pub(crate) fn by_signal(number: u8) -> Self {
        if number == 15 { Self::Terminated } else { Self::Interrupted }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why the program could not do what it was asked to.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) exit: Exit,
    /// For people; empty if there is nothing to say.
    pub(crate) message: String,
}

impl Failed {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into() }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    pub(crate) fn here(message: impl Into<String>) -> Self {
        Self::new(Exit::Here, message)
    }
}

impl From<PartnerError> for Failed {
    fn from(error: PartnerError) -> Self {
        let exit = match error.failure() {
            Failure::Address { .. } | Failure::TooLong { .. } => Exit::Usage,
            Failure::NoSuchJob => Exit::NoResult,
            _ => Exit::Partner,
        };
        Self::new(exit, error.to_string())
    }
}

impl From<PartnersError> for Failed {
    fn from(error: PartnersError) -> Self {
        let exit = match error {
            PartnersError::Name { .. }
            | PartnersError::Address { .. }
            | PartnersError::Unknown { .. } => Exit::Usage,
            _ => Exit::Here,
        };
        Self::new(exit, error.to_string())
    }
}

impl From<MapError> for Failed {
    fn from(error: MapError) -> Self {
        Self::usage(error.to_string())
    }
}

/// Of writing what was asked for.
impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            // Whoever reads has read enough: `telephone jobs | head`.
            return Self::new(Exit::Done, "");
        }
        Self::here(format!("cannot write: {error}"))
    }
}

pub(crate) const CODES: &str = "\
Exit codes: 0 done · 1 the command unwound · 2 usage · 3 the partner is unreachable or refused ·
4 no result: not found, cancelled, expired, interrupted · 5 not ended yet · 6 a file or port here ·
130 interrupted";

pub(crate) const CODES_AND_JSON: &str = "\
Exit codes:
    0  done: the command finished
    1  the command unwound; its hint is on standard error (of a map: some item unwound)
    2  the command line, a name, an address or a form is wrong
    3  the partner is unreachable or refused (of a map: some item is lost with its partners)
    4  there is no result: the id is not known, or the command was cancelled, expired, or was
       interrupted by a crash
    5  the command has not ended yet
    6  something on this machine: a file or a port cannot be used
  130  interrupted (143 by SIGTERM)

Output: results go to standard output, everything else to standard error. With --json each command
prints one JSON document, and errors are one on standard error, {\"error\": TEXT, \"exit\": CODE}:
    run, cmd, result, cancel   a command, as GET /api/jobs/ID of a server gives it
    jobs                       an array of these
    map                        an array of {\"item\", \"state\", \"value\" | \"hint\" | \"reason\"}; a state is
                               finished, unwound or lost
    status                     an array of {\"name\", \"address\", \"up\", \"latency_ms\", \"status\" | \"problem\"}
    functions                  an array of {\"name\", \"parameters\", \"returns\", \"docs\"}
    partner list               an array of {\"name\", \"address\", \"token\", \"selected\"}
    serve                      a line when it listens: {\"listening\": ADDRESS}
    repl                       a document for each form

Environment: NO_COLOR, and what the flags name.";
