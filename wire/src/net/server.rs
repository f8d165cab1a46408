//! `RequestServer`: a listener, and a wire for each who connects.

use std::any::{Any, TypeId};
use std::fmt;
use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, ToSocketAddrs, UnixListener, lookup_host};
use tokio::time::sleep;

use crate::function::{FunctionTable, Functions, FunctionsError};
use crate::handle::{Peer, Wire, WireError};
use crate::limits::Limits;
use crate::net::builder::Builder;
use crate::net::error::BindError;
use crate::net::gate::{Hook, Refusal};
use crate::net::line::Stream;
use crate::net::listener::{self, Listener};
use crate::net::serving::{ServerHandle, Serving};
use crate::net::tcp;

/// How long accepting rests after an error that the next attempt would meet again, such as a lack
/// of file descriptors.
const ACCEPT_REST: Duration = Duration::from_millis(50);

/// Accepts connections and serves each as a wire (`create-request-server`).
///
/// A server binds loopback addresses and Unix sockets freely; another address lets everybody who
/// reaches it call what is offered, and wants [`bind_insecure`](Self::bind_insecure).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
/// use wire::{RequestServer, Wire, functions, remote_fn, remote_value};
///
/// #[remote_fn]
/// fn add(a: i64, b: i64) -> i64 {
///     a + b
/// }
///
/// let server = RequestServer::bind("127.0.0.1:0").await?.functions(functions![add]);
/// let handle = server.handle();
/// let serving = tokio::spawn(server.serve());
///
/// let wire = Wire::connect(handle.local_addr().expect("it is TCP")).await?;
/// assert_eq!(remote_value!(wire, add(2, 3) -> i64).value().await?, 5);
///
/// handle.shutdown(Duration::from_secs(1)).await;
/// serving.await??;
/// # Ok(())
/// # }
/// ```
#[must_use = "a server serves when `serve` is awaited"]
pub struct RequestServer {
    listener: Listener,
    wires: Builder,
    /// Win over those of `wires`, whichever was said first.
    limits: Option<Limits>,
    functions: Functions,
    on_connect: Option<OnConnect>,
    on_death: Option<OnDeath>,
    /// Of what the hook gives each wire one.
    own: Option<TypeId>,
    max_wires: usize,
    serving: Arc<Serving>,
}

type OnConnect = Arc<dyn Fn(Wire) -> Hook + Send + Sync>;
type OnDeath = Arc<dyn Fn(&Wire, &WireError) + Send + Sync>;

impl RequestServer {
    /// Binds a loopback address; port 0 takes a free port.
    ///
    /// # Errors
    /// [`BindError::Insecure`] for any other address, [`BindError::Io`].
    pub async fn bind(address: impl ToSocketAddrs) -> Result<Self, BindError> {
        let addresses: Vec<_> = lookup_host(address).await?.collect();
        if let Some(&open) = addresses.iter().find(|address| !address.ip().is_loopback()) {
            return Err(BindError::Insecure { address: open });
        }
        Self::bind_insecure(&*addresses).await
    }

    /// Binds any address: everybody who can reach it can call what is offered, and everybody on
    /// the way can read and change what passes.
    ///
    /// # Errors
    /// [`BindError::Io`].
    pub async fn bind_insecure(address: impl ToSocketAddrs) -> Result<Self, BindError> {
        let addresses: Vec<_> = lookup_host(address).await?.collect();
        let bound = TcpListener::bind(&*addresses).await;
        Ok(Self::over(bound.map_err(|error| tcp::at(&addresses, &error))?))
    }

    /// Binds a Unix socket. The path must not exist; it is removed when accepting stops.
    ///
    /// # Errors
    /// [`BindError::Io`].
    pub fn bind_unix(path: impl AsRef<Path>) -> Result<Self, BindError> {
        let path = path.as_ref();
        let bound = UnixListener::bind(path).map_err(|error| listener::at(path, &error))?;
        Ok(Self::on(Listener::Unix(bound, path.to_owned())))
    }

    /// Serves a listener that exists already: one made with other socket options, or a descriptor
    /// that a service manager opened (socket activation) or a parent left to this process, by
    /// [`TcpListener::from_std`].
    ///
    /// Its address is the caller's decision, and is not looked at: one that is not loopback is as
    /// open as with [`bind_insecure`](Self::bind_insecure).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use tokio::net::TcpListener;
    /// use wire::RequestServer;
    ///
    /// let inherited = std::net::TcpListener::bind("127.0.0.1:0")?;
    /// inherited.set_nonblocking(true)?; // or tokio would block
    /// let server = RequestServer::over(TcpListener::from_std(inherited)?);
    /// assert!(server.local_addr().is_some());
    /// # Ok(())
    /// # }
    /// ```
    pub fn over(listener: TcpListener) -> Self {
        Self::on(Listener::Tcp(listener))
    }

    fn on(listener: Listener) -> Self {
        Self {
            serving: Serving::at(listener.local_addr()),
            listener,
            wires: Builder::default(),
            limits: None,
            functions: Functions::new(),
            on_connect: None,
            on_death: None,
            own: None,
            max_wires: 10_000,
        }
    }

    /// What everybody who connects may call.
    pub fn functions(mut self, functions: Functions) -> Self {
        self.functions = functions;
        self
    }

    /// What each wire accepts, keeps and waits for.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = Some(limits);
        self
    }

    /// How each wire is to be: its dialect, its waits. Its functions are those of the server, and so
    /// are its limits if [`limits`](Self::limits) was said.
    pub fn wires(mut self, builder: Builder) -> Self {
        self.wires = builder;
        self
    }

    /// How many wires there may be at once; further connections are closed at once. Default 10,000.
    pub fn max_wires(mut self, limit: usize) -> Self {
        self.max_wires = limit;
        self
    }

    /// Asks `hook` about each who connects, before the first call is read. It sees the wire and,
    /// by [`Wire::peer`], the address; it may call the peer, and waits for it if it does. What it
    /// returns becomes a value of the wire's own; an `Err` refuses the peer, which is told why.
    ///
    /// One that has nothing to give returns `Ok(())`:
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use wire::{Peer, RequestServer};
    /// let server = RequestServer::bind("127.0.0.1:0").await?.on_connect(async |wire| {
    ///     match wire.peer() {
    ///         Peer::Tcp(address) if address.port() >= 1024 => Ok(()),
    ///         _ => Err("come by TCP, and not from a port of the system's"),
    ///     }
    /// });
    /// # drop(server);
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_connect<F, A, T, E>(mut self, hook: F) -> Self
    where
        F: Fn(Wire) -> A + Send + Sync + 'static,
        A: Future<Output = Result<T, E>> + Send + 'static,
        T: Any + Send + Sync,
        E: Into<Refusal>,
    {
        self.own = Some(TypeId::of::<T>());
        let hook = Arc::new(hook);
        self.on_connect = Some(Arc::new(move |wire: Wire| {
            let hook = Arc::clone(&hook);
            // Called on the wire's own task, so that what it does concerns nobody else.
            Box::pin(async move {
                wire.insert(hook(wire.clone()).await.map_err(Into::into)?);
                Ok(())
            })
        }));
        self
    }

    /// Runs `hook` when a wire has ended and all its calls were told. It runs on the wire's task, or
    /// within [`Wire::abort`]: it must not block, nor take a lock that is held around an `abort`.
    pub fn on_death(mut self, hook: impl Fn(&Wire, &WireError) + Send + Sync + 'static) -> Self {
        self.on_death = Some(Arc::new(hook));
        self
    }

    /// What controls the server while it serves.
    pub fn handle(&self) -> ServerHandle {
        ServerHandle { serving: Arc::clone(&self.serving) }
    }

    /// The address it is bound to; `None` for a Unix socket.
    pub fn local_addr(&self) -> Option<SocketAddr> {
        self.serving.address
    }

    /// Serves until it was [stopped](ServerHandle::stop_accepting) and every wire has ended. Errors
    /// of accepting are logged, and do not end it.
    ///
    /// # Errors
    /// [`FunctionsError`], before the first connection is accepted.
    ///
    /// # Cancel safety
    /// Dropping it stops accepting; wires go on.
    pub async fn serve(self) -> Result<(), FunctionsError> {
        let own: Vec<_> = self.own.into_iter().collect();
        let mut wires = self.wires.clone().functions(self.functions.clone());
        if let Some(limits) = &self.limits {
            wires = wires.limits(limits.clone());
        }
        let table = wires.freeze(&own)?;
        while let Some(accepted) = self.serving.unless_stopped(self.listener.accept()).await {
            // One that was accepted in the same moment is dropped before anything was said.
            if self.serving.is_stopped() {
                break;
            }
            match accepted {
                Ok((stream, peer)) => self.serve_one(&wires, &table, stream, peer),
                Err(error) => {
                    tracing::warn!(%error, "accepting a connection failed");
                    sleep(ACCEPT_REST).await;
                }
            }
        }
        let Self { listener, serving, .. } = self;
        // From here on nobody can connect, while the wires go on.
        drop(listener);
        serving.tasks_ended().await;
        Ok(())
    }

    fn serve_one(
        &self,
        wires: &Builder,
        table: &Arc<FunctionTable>,
        stream: Box<dyn Stream>,
        peer: Peer,
    ) {
        if self.serving.wires().len() >= self.max_wires {
            tracing::warn!(%peer, limit = self.max_wires, "refused: as many wires as allowed");
            return;
        }
        tracing::debug!(%peer, "accepted");
        let gate =
            |wire: &Wire| wires.gate(self.on_connect.as_ref().map(|hook| hook(wire.clone())));
        // Counted first, so that whoever sees the wire waits for its end as well.
        let task = Some(self.serving.task());
        let (wire, driver) = wires.make(stream, peer, Arc::clone(table), &gate, task);
        let key = self.serving.wires().insert(wire.clone());
        let serving = Arc::clone(&self.serving);
        let on_death = self.on_death.clone();
        wire.on_death(move |why| {
            // Taken out first: a hook that panics does not keep its place among the wires.
            let ended = serving.wires().try_remove(key);
            if let (Some(hook), Some(wire)) = (on_death, ended) {
                hook(&wire, why);
            }
        });
        tokio::spawn(driver);
        // A stop on another thread either finds the wire, which was put there before this looks,
        // or is found here: otherwise it would close all wires but this one.
        if self.serving.is_stopped() {
            drop(wire.close_because("the server has stopped accepting"));
        }
    }
}

impl fmt::Debug for RequestServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestServer").field("listener", &self.listener).finish_non_exhaustive()
    }
}
