//! What a server listens on: TCP or a Unix socket.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use tokio::net::{TcpListener, UnixListener, UnixStream};

use crate::handle::Peer;
use crate::net::line::Stream;
use crate::net::tcp;

/// A bound listener.
#[derive(Debug)]
pub(crate) enum Listener {
    Tcp(TcpListener),
    /// The path is removed with the listener.
    Unix(UnixListener, PathBuf),
}

impl Listener {
    /// The next connection.
    pub(crate) async fn accept(&self) -> io::Result<(Box<dyn Stream>, Peer)> {
        match self {
            Self::Tcp(listener) => {
                let (stream, address) = listener.accept().await?;
                tcp::prepare(&stream)?;
                Ok((Box::new(stream), Peer::Tcp(address)))
            }
            Self::Unix(listener, _) => {
                let (stream, _) = listener.accept().await?;
                let peer = unix_peer(&stream, None);
                Ok((Box::new(stream), peer))
            }
        }
    }

    /// The address, of a TCP listener.
    pub(crate) fn local_addr(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(listener) => listener.local_addr().ok(),
            Self::Unix(..) => None,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Self::Unix(_, path) = self {
            // Somebody may have removed it before; then there is nothing to do.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Who is at the other end of a Unix socket, as the kernel says.
pub(crate) fn unix_peer(stream: &UnixStream, path: Option<&Path>) -> Peer {
    let credentials = stream.peer_cred().ok();
    Peer::Unix {
        path: path.map(Path::to_owned),
        uid: credentials.map(|c| c.uid()),
        pid: credentials.and_then(|c| c.pid()),
    }
}

/// The system's error with the path that it is about, which it does not tell itself.
pub(crate) fn at(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
