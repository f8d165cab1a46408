//! Who is at the other end.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

/// The other end of a wire, as the stream tells it. It proves nothing unless the stream does.
///
/// ```
/// use wire::{Peer, Wire, functions};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (here, _there) = Wire::pair(functions![], functions![])?;
/// assert!(matches!(here.peer(), Peer::Memory));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Peer {
    /// A TCP connection with this address at its far end.
    Tcp(SocketAddr),
    /// A Unix socket. The ids are the kernel's word (`SO_PEERCRED`), at the time of connecting.
    Unix {
        /// The socket's path, if it has one.
        path: Option<PathBuf>,
        /// The user that the peer runs as.
        uid: Option<u32>,
        /// The process that connected.
        pid: Option<i32>,
    },
    /// A child process of this one, over its standard streams.
    Child(
        /// Its process id, if it still ran when it was asked.
        Option<u32>,
    ),
    /// The parent of this process, over our standard streams.
    Parent,
    /// The other half of a [`Wire::pair`](crate::Wire::pair).
    Memory,
    /// Some other stream, described by whoever made the wire.
    Stream(String),
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "{address}"),
            Self::Unix { path: Some(path), .. } => write!(f, "unix:{}", path.display()),
            Self::Unix { pid: Some(pid), .. } => write!(f, "unix:process {pid}"),
            Self::Unix { .. } => write!(f, "unix"),
            Self::Child(Some(pid)) => write!(f, "child {pid}"),
            Self::Child(None) => write!(f, "child"),
            Self::Parent => write!(f, "parent"),
            Self::Memory => write!(f, "memory"),
            Self::Stream(description) => write!(f, "{description}"),
        }
    }
}
