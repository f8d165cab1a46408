//! Evaluators: child processes that run commands.
//!
//! A command is code that nobody here has seen before. It runs in a process of its own making, which
//! can reach no file, start no process and open no connection, whose memory, time and depth the operating system and this
//! module bound whatever the code does, and which speaks to the serving program over one
//! wire, its standard input and output. Over that wire the functions that the program offers are called.
//!
//! ```no_run
//! use std::time::Duration;
//! use telephone::evaluator::{self, EvaluatorLimits, Evaluators};
//!
//! #[tokio::main(flavor = "current_thread")]
//! async fn run() -> Result<(), Box<dyn std::error::Error>> {
//!     let evaluators = Evaluators::start(wire::functions![], EvaluatorLimits::default())?;
//!     let value = evaluators.evaluate("(mapcar #'1+ '(1 2))", Duration::from_secs(5), |_| {}).await;
//!     assert_eq!(value.as_deref(), Ok("(2 3)"));
//!     Ok(())
//! }
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     evaluator::serve_if_child(); // the children are this program, started anew
//!     run()
//! }
//! ```

mod child;
mod error;
mod limits;
mod message;
mod pool;
mod process;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use wire::{FunctionInfo, Functions};

use crate::job::{Hint, Progress};
use pool::Pool;

#[cfg(test)]
pub(crate) use child::is_native;
pub use child::serve_if_child;
pub use error::EvaluatorError;
pub use limits::EvaluatorLimits;

/// The processes that run a program's commands. Clones share them; with the last one they end.
#[derive(Clone, Debug)]
pub struct Evaluators(Arc<Pool>);

impl Evaluators {
    /// Starts evaluators that offer these functions to commands. The first process is begun here,
    /// in the background; [`evaluate`](Self::evaluate) waits for it.
    ///
    /// A function is an operator of commands by its name, in its package if it has one. The
    /// language's own names are taken.
    ///
    /// # Errors
    /// [`EvaluatorError`]: if this program did not call [`serve_if_child`] first of all, if the
    /// functions cannot be offered, or if there is no tokio runtime.
    pub fn start(functions: Functions, limits: EvaluatorLimits) -> Result<Self, EvaluatorError> {
        if !child::would_serve() {
            return Err(EvaluatorError::NotServing);
        }
        let program = std::env::current_exe().map_err(EvaluatorError::NoProgram)?;
        Self::start_program(program, functions, limits)
    }

    /// As [`start`](Self::start), with the children another program, which calls
    /// [`serve_if_child`] first of all.
    ///
    /// # Errors
    /// [`EvaluatorError`].
    pub fn start_program(
        program: PathBuf,
        functions: Functions,
        limits: EvaluatorLimits,
    ) -> Result<Self, EvaluatorError> {
        Ok(Self(Pool::start(program, functions, limits)?))
    }

    /// Runs a command: one form or several, of which the last gives the value, as Lisp prints it.
    ///
    /// It sees the language and the functions offered, and nothing that another command left. It
    /// may take `time_limit`, or what [`EvaluatorLimits::time`] says if that is less, counted
    /// from when a process takes it. `progress` is called with what it reports, by `(progress 0.5 "note")`.
    ///
    /// # Errors
    /// A [`Hint`] with the name of Lisp's condition, whatever happened: the code was wrong, a limit
    /// was reached, the process ended. Other commands do not notice.
    ///
    /// # Cancel safety
    /// Dropping the future ends the command, with its process.
    pub async fn evaluate(
        &self,
        command: &str,
        time_limit: Duration,
        progress: impl Fn(Progress) + Send + Sync + 'static,
    ) -> Result<String, Hint> {
        self.0.evaluate(command, time_limit, Arc::new(progress)).await
    }

    /// What commands may call beside the language, as [`start`](Self::start) was given it.
    pub fn functions(&self) -> Vec<FunctionInfo> {
        self.0.functions()
    }

    /// The limits that hold.
    pub fn limits(&self) -> &EvaluatorLimits {
        self.0.limits()
    }
}
