//! Why there are no evaluators.

use std::io;

/// Why evaluators cannot be started. What happens to a command is a [`Hint`](crate::Hint).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluatorError {
    /// The program would not serve as its own child.
    #[error(
        "evaluators are this program, started anew, and it would not serve as one: call \
         `telephone::evaluator::serve_if_child()` first of all in `main`, or name another program with \
         `Evaluators::start_program`"
    )]
    NotServing,
    /// The program does not know where its own executable is.
    #[error("this program does not find its own executable: {0}")]
    NoProgram(#[source] io::Error),
    /// Tasks cannot be spawned.
    #[error("evaluators are started inside of a tokio runtime, and there is none here")]
    NoRuntime,
    /// A function offered has a name of the language's.
    #[error(
        "the function {name} cannot be offered to commands: the language has one of that name; \
         give it another with `#[remote_fn(name = ..)]`, or a package with `Functions::package`"
    )]
    NameTaken {
        /// The function.
        name: String,
    },
}
