//! `Builder`: how a wire is to be, and what it is laid over.

use std::any::{Any, TypeId};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, ToSocketAddrs, UnixStream, lookup_host};
use tokio::process::{Child, Command};

use crate::by_type::ByType;
use crate::codec::Text;
use crate::function::Functions;
use crate::handle::{Peer, Wire};
use crate::limits::Limits;
use crate::net::error::ConnectError;
use crate::net::halves::Halves;
use crate::net::timers::Keepalive;
use crate::net::{child, listener, tcp};

mod start;

/// How a wire is to be: what it offers, its limits, its dialect. Made by [`Wire::builder`].
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use wire::{Limits, Wire, functions, remote_fn, remote_value};
///
/// #[remote_fn]
/// fn title_of(name: String) -> String {
///     format!("Dr {name}")
/// }
///
/// let (ours, theirs) = tokio::io::duplex(4096);
/// let (here, there) = tokio::join!(
///     Wire::builder().over(ours),
///     Wire::builder().functions(functions![title_of]).limits(Limits::default().depth(16)).over(theirs),
/// );
/// let title = remote_value!(here?, title_of("No") -> String).value().await?;
/// assert_eq!(title, "Dr No");
/// # drop(there);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder makes a wire when it is connected"]
pub struct Builder {
    functions: Functions,
    own: ByType,
    limits: Arc<Limits>,
    text: Text,
    dialect: Dialect,
    /// As said; else by the dialect.
    hello_wait: Option<Duration>,
    close_grace: Duration,
    keepalive: Option<Keepalive>,
    /// Who is at the other end of a stream that does not say itself.
    peer: Option<String>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Dialect {
    /// Says hello, and takes what the peer reads.
    Negotiated,
    /// Says nothing: CMUCL's, to the octet.
    Classic,
    /// Says hello, and takes nothing less.
    Extended,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            functions: Functions::new(),
            own: ByType::default(),
            limits: Arc::default(),
            text: Text::Utf8,
            dialect: Dialect::Negotiated,
            hello_wait: None,
            close_grace: Duration::from_secs(5),
            keepalive: Some(Keepalive {
                idle: Duration::from_secs(15),
                dead: Duration::from_secs(60),
            }),
            peer: None,
        }
    }
}

impl Builder {
    /// What the peer may call. Without this, nothing.
    pub fn functions(mut self, functions: Functions) -> Self {
        self.functions = functions;
        self
    }

    /// A value of the wire's own, as [`Wire::insert`] gives it one, there before the first call.
    pub fn insert<T: Any + Send + Sync>(mut self, value: T) -> Self {
        self.own.insert(TypeId::of::<T>(), Arc::new(value));
        self
    }

    /// What the wire accepts, keeps and waits for.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = Arc::new(limits);
        self
    }

    /// CMUCL's dialect, to the octet: says no hello and waits for none. What only the extended
    /// dialect carries is an error here.
    pub fn classic(mut self) -> Self {
        self.dialect = Dialect::Classic;
        self
    }

    /// The extended dialect and nothing less: connecting waits for the peer's hello up to 5 s (or
    /// what [`hello_wait`](Self::hello_wait) says) and fails without one; a server refuses a peer
    /// whose first object is none.
    pub fn extended(mut self) -> Self {
        self.dialect = Dialect::Extended;
        self
    }

    /// The peer takes an octet for a character: a CMUCL that has only the repair of its octets.
    /// Strings with other characters than Latin-1's are an error here.
    pub fn latin1(mut self) -> Self {
        self.text = Text::Latin1;
        self
    }

    /// How long connecting waits for the peer's hello, and a server for a peer's first object.
    /// Default 200 ms; a peer that says none is a classic one.
    pub fn hello_wait(mut self, wait: Duration) -> Self {
        self.hello_wait = Some(wait);
        self
    }

    /// How long a closed wire waits for the answers that either side is owed. Default 5 s.
    pub fn close_grace(mut self, grace: Duration) -> Self {
        self.close_grace = grace;
        self
    }

    /// After `idle` of silence, asks a peer of the extended dialect whether it lives; after `dead`
    /// of silence, asked in vain, ends the wire. Default 15 s and 60 s: a plain function that runs
    /// longer than the second holds up the answer too. Over TCP the kernels notice a dead host or
    /// cable themselves, within about 20 s.
    pub fn keepalive(mut self, idle: Duration, dead: Duration) -> Self {
        self.keepalive = Some(Keepalive { idle, dead: dead.max(idle) });
        self
    }

    /// Who is at the other end of a stream given to [`over`](Self::over), as whoever made the stream
    /// knows it: [`Wire::peer`] says so. Without this it is the name of the stream's type.
    pub fn peer(mut self, description: impl Into<String>) -> Self {
        self.peer = Some(description.into());
        self
    }

    /// Never asks whether the peer lives.
    pub fn no_keepalive(mut self) -> Self {
        self.keepalive = None;
        self
    }

    /// Connects to a server over TCP (`connect-to-remote-server`).
    ///
    /// # Errors
    /// [`ConnectError`].
    ///
    /// # Cancel safety
    /// Dropping it drops the connection.
    pub async fn connect(self, address: impl ToSocketAddrs) -> Result<Wire, ConnectError> {
        self.functions.freeze(&self.own_types())?;
        let addresses: Vec<_> = lookup_host(address).await?.collect();
        let connected = TcpStream::connect(&*addresses).await;
        let stream = connected.map_err(|error| tcp::at(&addresses, &error))?;
        tcp::prepare(&stream)?;
        let peer = Peer::Tcp(stream.peer_addr()?);
        self.greeted(Box::new(stream), peer).await
    }

    /// Connects to a server over a Unix socket.
    ///
    /// # Errors
    /// [`ConnectError`].
    ///
    /// # Cancel safety
    /// Dropping it drops the connection.
    pub async fn connect_unix(self, path: impl AsRef<Path>) -> Result<Wire, ConnectError> {
        self.functions.freeze(&self.own_types())?;
        let connected = UnixStream::connect(path.as_ref()).await;
        let stream = connected.map_err(|error| listener::at(path.as_ref(), &error))?;
        let peer = listener::unix_peer(&stream, Some(path.as_ref()));
        self.greeted(Box::new(stream), peer).await
    }

    /// Lays a wire over any byte stream: TLS, an in-memory pipe, a serial line.
    ///
    /// # Errors
    /// [`ConnectError`].
    ///
    /// # Cancel safety
    /// Dropping it drops the stream.
    pub async fn over<S>(self, stream: S) -> Result<Wire, ConnectError>
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let described = self.peer.clone();
        let described = described.unwrap_or_else(|| std::any::type_name::<S>().to_owned());
        self.greeted(Box::new(stream), Peer::Stream(described)).await
    }

    /// Starts a child process, and lays a wire over its standard input and output. The child takes
    /// its end with [`stdio`](Self::stdio).
    ///
    /// The child is not killed when the wire ends; its standard input does. With `kill_on_drop` it
    /// lives only as long as the `Child` that this returns: keep it.
    ///
    /// # Errors
    /// [`ConnectError`].
    pub async fn spawn(self, command: Command) -> Result<(Wire, Child), ConnectError> {
        self.functions.freeze(&self.own_types())?;
        let (child, stdout, stdin) = child::spawn(command)?;
        let stream = Box::new(Halves::new(stdout, stdin));
        let wire = self.greeted(stream, Peer::Child(child.id())).await?;
        Ok((wire, child))
    }

    /// Lays a wire over this process's own standard input and output, to the parent that
    /// [spawned](Self::spawn) it.
    ///
    /// From then on `println!` goes to standard error, so that it cannot destroy the wire, and
    /// standard input is empty. Call it before anything is printed or read.
    ///
    /// # Errors
    /// [`ConnectError`].
    pub async fn stdio(self) -> Result<Wire, ConnectError> {
        self.functions.freeze(&self.own_types())?;
        let stream = child::take_stdio()?;
        self.greeted(stream, Peer::Parent).await
    }
}

impl Wire {
    /// A wire to be, with every setting at its default.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Connects to a server over TCP (`connect-to-remote-server`), with default settings. The wire
    /// offers nothing; [`Wire::builder`] makes ones that do.
    ///
    /// Waits up to 200 ms for the peer to say that it speaks the extended dialect; only a classic
    /// peer, such as an unmodified CMUCL, lets all of that pass. [`Builder::classic`] does not wait.
    ///
    /// # Errors
    /// [`ConnectError`].
    ///
    /// # Cancel safety
    /// Dropping it drops the connection.
    pub async fn connect(address: impl ToSocketAddrs) -> Result<Self, ConnectError> {
        Self::builder().connect(address).await
    }
}
