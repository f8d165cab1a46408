//! The options of a TCP connection.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::net::TcpStream;

/// Probes begin after so much silence, ..
const KEEPALIVE_IDLE: Duration = Duration::from_secs(10);
/// .. follow each other so, ..
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(5);
/// .. and so many unanswered ones end the connection: 20 s after the cable was cut.
const KEEPALIVE_RETRIES: u32 = 2;
/// How long sent octets may go unacknowledged. Keepalive probes are not sent while octets are on
/// their way, so each of the two sees what the other cannot.
#[cfg(target_os = "linux")]
const USER_TIMEOUT: Duration = Duration::from_secs(20);

/// Sets what every wire over TCP wants: output goes at once, since we gather it ourselves, and a
/// dead host is noticed.
pub(crate) fn prepare(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let socket = SockRef::from(stream);
    let keepalive = TcpKeepalive::new().with_time(KEEPALIVE_IDLE).with_interval(KEEPALIVE_INTERVAL);
    #[cfg(not(windows))]
    let keepalive = keepalive.with_retries(KEEPALIVE_RETRIES);
    socket.set_tcp_keepalive(&keepalive)?;
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(USER_TIMEOUT))?;
    Ok(())
}

/// The system's error with the addresses that it is about, which it does not tell itself.
pub(crate) fn at(addresses: &[SocketAddr], error: &io::Error) -> io::Error {
    let addresses: Vec<_> = addresses.iter().map(ToString::to_string).collect();
    io::Error::new(error.kind(), format!("{}: {error}", addresses.join(", ")))
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn a_connection_neither_waits_to_gather_nor_for_a_dead_host() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        prepare(&stream).unwrap();
        assert!(stream.nodelay().unwrap());
        let socket = SockRef::from(&stream);
        assert!(socket.keepalive().unwrap());
        #[cfg(target_os = "linux")]
        assert_eq!(socket.tcp_user_timeout().unwrap(), Some(USER_TIMEOUT));
    }
}
