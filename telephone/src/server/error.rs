//! Why a server cannot begin.

use std::io;
use std::net::SocketAddr;

use thiserror::Error;

use crate::evaluator::EvaluatorError;
use crate::queue::QueueError;

/// Why a server cannot begin.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ServerError {
    /// The address is none, or the system does not give it.
    #[error("cannot listen on {address}: {error}")]
    Bind {
        /// As it was given.
        address: String,
        /// What the system says.
        error: io::Error,
    },
    /// The address can be reached from other machines, and nobody said who may command this one.
    #[error(
        "{address} can be reached from other machines, and whoever reaches it could run commands \
         here: give a token, or say that it may be insecure"
    )]
    Exposed {
        /// The address.
        address: SocketAddr,
    },
    /// The token could not be sent in a header.
    #[error("a token is printable ASCII without spaces, and at least one character of it")]
    Token,
    /// A limit that lets nobody in.
    #[error("`ServerLimits::{limit}` must be at least 1, or nobody is ever answered")]
    Limit {
        /// Its name.
        limit: &'static str,
    },
    /// Nothing can be started that runs commands.
    #[error(transparent)]
    Evaluator(#[from] EvaluatorError),
    /// The queue cannot be opened.
    #[error(transparent)]
    Queue(#[from] QueueError),
}
