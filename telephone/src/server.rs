//! A server: a queue of commands, what runs them, and the ways to speak with it.
//!
//! ```text
//!  a browser, curl, telephone     a Lisp with drakma      a wire
//!            │ JSON, events            │ forms               │ calls
//!            ▼                         ▼                     │
//!  listen ► guard ► jobs, events,   classic                  │
//!   times   rate    status, page       │                     ▼
//!   slots   host                       └───► exchange ◄── service
//!           origin                               │
//!           token                                ▼
//!                                     queue ──► evaluators
//! ```
//!
//! Nothing in a request reaches the exchange before `guard` let it pass, or, over a wire, before
//! the visitor was admitted.

mod announce;
mod builder;
mod classic;
mod error;
mod events;
mod exchange;
mod guard;
mod hosts;
mod jobs;
mod limits;
mod listen;
mod openapi;
mod page;
mod patience;
mod rate;
mod refusal;
mod request;
mod routes;
mod service;
mod status;
mod token;
mod watch;
mod work;

pub use builder::ServerBuilder;
pub use error::ServerError;
pub use limits::ServerLimits;

use std::fmt;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use wire::{FunctionsError, RequestServer};

use crate::queue::{QueueError, Runner};
use exchange::Exchange;
use guard::Guard;
use hosts::Hosts;

/// A server that is bound, and has its queue.
///
/// It has the two endpoints of the original, `POST /tcmd` and `POST /tres`; a JSON API, which it
/// describes itself at `/api/openapi.json`; and a page at `/`. All but the text of the page want
/// the token, if there is one. Errors are `application/problem+json`.
///
/// # Who may ask
/// Addresses other than loopback want a [token](ServerBuilder::token), or the word
/// [`insecure`](ServerBuilder::insecure). A request that names another host, or comes from a page of
/// another origin, is refused whatever it carries, so that no page in a browser can command the
/// machine that it runs on. There is no encryption: between machines put something around it that
/// has.
///
/// # Origin
/// `server-start` and `start-queue-thread` in one.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::sync::Arc;
/// use std::time::Duration;
///
/// use futures_util::future::BoxFuture;
/// use telephone::partner::Partner;
/// use telephone::queue::{ProgressSink, Runner};
/// use telephone::server::Server;
/// use telephone::{Hint, Job, Submission};
/// use tokio::sync::oneshot;
///
/// struct Shout;
///
/// impl Runner for Shout {
///     fn run(&self, job: Job, _: ProgressSink) -> BoxFuture<'_, Result<String, Hint>> {
///         Box::pin(async move { Ok(job.command.to_uppercase()) })
///     }
/// }
///
/// let builder = Server::builder().address("127.0.0.1:0").runner(Arc::new(Shout), Vec::new());
/// let server = builder.bind().await?;
/// let partner = Partner::new(&format!("http://{}", server.local_addr()?))?;
/// let (stop, stopped) = oneshot::channel::<()>();
/// let serving = tokio::spawn(server.serve_until(async { drop(stopped.await) }));
///
/// let job = partner.submit(Submission::new("hello")).await?;
/// let job = partner.wait(&job.id, Duration::from_secs(60)).await?.expect("it was just filed");
/// assert_eq!(job.value.as_deref(), Some("HELLO"));
///
/// drop(stop);
/// serving.await??;
/// # Ok(())
/// # }
/// ```
#[must_use = "a server serves when `serve_until` is awaited"]
pub struct Server {
    listener: TcpListener,
    wires: Option<RequestServer>,
    exchange: Arc<Exchange>,
    hosts: Hosts,
    runner: Arc<dyn Runner>,
    grace: Duration,
}

impl Server {
    /// What is to be said of a server before it is bound.
    pub fn builder() -> ServerBuilder {
        ServerBuilder::new()
    }

    /// The address of its HTTP.
    ///
    /// # Errors
    /// What the system says.
    pub fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// The address that it listens at for wires, if it does.
    pub fn wire_addr(&self) -> Option<SocketAddr> {
        self.wires.as_ref()?.local_addr()
    }

    /// Serves, and takes commands from the queue, until `shutdown` is over.
    ///
    /// Then no connection is accepted and no command begun any more; long polls are answered,
    /// streams of events end, requests that are under way are answered, and commands that run go
    /// on, all within the [grace](ServerBuilder::grace). What runs then is accounted for: as
    /// interrupted, or waiting again if it may be repeated.
    ///
    /// # Errors
    /// [`QueueError`] if the queue could not be put in order at the end.
    ///
    /// # Cancel safety
    /// Dropping it is what a crash would be: nothing is lost that was told to anybody.
    pub async fn serve_until<F>(self, shutdown: F) -> Result<(), QueueError>
    where
        F: Future<Output = ()>,
    {
        let Self { listener, wires, exchange, hosts, runner, grace } = self;
        let queue = exchange.queue.clone();
        let stop = exchange.stop.clone();
        // Whatever way this ends, the tasks of connections shall not outlive it.
        let _stopped = stop.clone().drop_guard();
        let guard = Guard { hosts, exchange: Arc::clone(&exchange) };
        let router = routes::router(&exchange, guard);
        queue.start(runner);
        let http = listen::serve(listener, router, exchange.limits.clone(), stop.clone(), grace);
        let stopping = async {
            shutdown.await;
            queue.stop();
            stop.cancel();
        };
        let forgetting = stop.run_until_cancelled(exchange.rate.forget_the_rested_for_ever());
        let wires = serve_wires(wires, &stop, grace);
        let (_, (), _, served) = tokio::join!(http, stopping, forgetting, wires);
        if let Err(error) = served {
            tracing::error!(%error, "no wire was served");
        }
        queue.shutdown(grace).await
    }
}

/// Serves wires, if any are to be served, until it is stopped and they are over.
async fn serve_wires(
    server: Option<RequestServer>,
    stop: &CancellationToken,
    grace: Duration,
) -> Result<(), FunctionsError> {
    let Some(server) = server else {
        return Ok(());
    };
    let handle = server.handle();
    let stopping = async {
        stop.cancelled().await;
        handle.shutdown(grace).await;
    };
    tokio::join!(server.serve(), stopping).0
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("listener", &self.listener).finish_non_exhaustive()
    }
}
