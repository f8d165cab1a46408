//! Why there is no wire, or no server.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use crate::function::FunctionsError;
use crate::handle::WireError;

/// Why there is no wire.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The stream could not be had.
    #[error("cannot connect: {0}")]
    Io(#[from] io::Error),
    /// The functions cannot be offered.
    #[error(transparent)]
    Functions(#[from] FunctionsError),
    /// The peer did not say that it speaks the extended dialect.
    #[error("the peer did not say within {waited:?} that it speaks the extended dialect")]
    NotExtended {
        /// How long it had.
        waited: Duration,
    },
    /// The wire ended before it could be used.
    #[error("the wire ended at once: {0}")]
    Ended(#[source] WireError),
}

/// Why a server cannot listen.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BindError {
    /// The address is open to others, and nobody said that it may be.
    #[error(
        "{address} is not a loopback address: whoever reaches it could call everything offered; \
         tunnel to a loopback address, or say `bind_insecure`"
    )]
    Insecure {
        /// The address.
        address: SocketAddr,
    },
    /// The system refused.
    #[error("cannot listen: {0}")]
    Io(#[from] io::Error),
}
