//! `ServerBuilder`: what is said of a server before it is bound.

use std::fmt;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::net::{TcpListener, lookup_host};
use tokio_util::sync::CancellationToken;
use wire::Functions;

use crate::api::FunctionDescription;
use crate::evaluator::{EvaluatorError, EvaluatorLimits, Evaluators};
use crate::partner::Partner;
use crate::queue::{Queue, QueueSettings, Runner, Storage};

use super::announce::{Announce, Announcer};
use super::exchange::Exchange;
use super::hosts::{Hosts, is_loopback};
use super::rate::Rate;
use super::token::Token;
use super::watch::Watch;
use super::work::Work;
use super::{Server, ServerError, ServerLimits, service};

/// What is said of a server before it is bound. Made by [`Server::builder`].
#[must_use = "a server is there when `bind` was awaited"]
pub struct ServerBuilder {
    address: String,
    wire: Option<String>,
    token: Option<String>,
    insecure: bool,
    hosts: Vec<String>,
    limits: ServerLimits,
    queue: QueueSettings,
    functions: Functions,
    evaluator: EvaluatorLimits,
    program: Option<PathBuf>,
    runner: Option<(Arc<dyn Runner>, Vec<FunctionDescription>)>,
    partners: Vec<Partner>,
    announce: Announce,
    grace: Duration,
}

impl ServerBuilder {
    pub(super) fn new() -> Self {
        Self {
            address: ADDRESS.to_owned(),
            wire: None,
            token: None,
            insecure: false,
            hosts: Vec::new(),
            limits: ServerLimits::default(),
            queue: QueueSettings::new(Storage::Memory),
            functions: Functions::new(),
            evaluator: EvaluatorLimits::default(),
            program: None,
            runner: None,
            partners: Vec::new(),
            announce: Box::new(print),
            grace: GRACE,
        }
    }

    /// Where it listens: `HOST:PORT`, of which port 0 takes a free one. Default `127.0.0.1:4242`.
    pub fn address(mut self, address: impl Into<String>) -> Self {
        self.address = address.into();
        self
    }

    /// Where it listens for wires, besides: then a partner may be given by `wire://HOST:PORT`. By
    /// default nowhere. Port 4243 is the one that such addresses have if they say none.
    pub fn wire(mut self, address: impl Into<String>) -> Self {
        self.wire = Some(address.into());
        self
    }

    /// What callers have to show as `Authorization: Bearer TOKEN`. Compared in constant time.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Lets whoever reaches an address other than loopback run commands, without a token.
    pub fn insecure(mut self) -> Self {
        self.insecure = true;
        self
    }

    /// Another name that this machine is asked by, besides `localhost`, its own, and addresses.
    pub fn host(mut self, name: impl Into<String>) -> Self {
        self.hosts.push(name.into());
        self
    }

    /// What it takes from those who speak with it.
    pub fn limits(mut self, limits: ServerLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Where commands are kept, and how many. Default in memory, which forgets them with the
    /// process.
    pub fn queue(mut self, settings: QueueSettings) -> Self {
        self.queue = settings;
        self
    }

    /// What commands may call beside Lisp itself. They run in this process, unlike the commands.
    pub fn functions(mut self, functions: Functions) -> Self {
        self.functions = functions;
        self
    }

    /// What a command may use.
    pub fn evaluator(mut self, limits: EvaluatorLimits) -> Self {
        self.evaluator = limits;
        self
    }

    /// Starts this program as an evaluator, instead of the one that runs. It has to call
    /// [`serve_if_child`](crate::evaluator::serve_if_child) first of all.
    pub fn evaluator_program(mut self, program: impl Into<PathBuf>) -> Self {
        self.program = Some(program.into());
        self
    }

    /// Runs commands by this, and not by [evaluators](crate::evaluator). What they may call is
    /// only shown; [`functions`](Self::functions) and [`evaluator`](Self::evaluator) say nothing
    /// then.
    pub fn runner(mut self, runner: Arc<dyn Runner>, functions: Vec<FunctionDescription>) -> Self {
        self.runner = Some((runner, functions));
        self
    }

    /// Partners whose state is shown at `/api/partners` and on the page.
    pub fn partners(mut self, partners: impl IntoIterator<Item = Partner>) -> Self {
        self.partners.extend(partners);
        self
    }

    /// Tells `announce` a line about each command that arrives, `G610 remote request: (+ 1 2)`,
    /// instead of printing it to the standard output. A thread of its own calls it, so that it may
    /// block; beyond 1,024 lines that it has not taken further ones are dropped.
    pub fn announce(mut self, announce: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.announce = Box::new(announce);
        self
    }

    /// How long shutting down waits for requests, and again for commands that run. Default 5 s.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Binds the address, starts the first evaluator, and opens the queue.
    ///
    /// The program has to call [`serve_if_child`](crate::evaluator::serve_if_child) first of all,
    /// since evaluators are this program started anew, unless a [`runner`](Self::runner) was given.
    ///
    /// # Errors
    /// [`ServerError`]. If it is not of the queue, nothing was opened.
    pub async fn bind(self) -> Result<Server, ServerError> {
        let token = self.token.map(Token::new).transpose()?;
        let rate = Rate::new(&self.limits)?;
        if self.limits.connections == 0 {
            return Err(ServerError::Limit { limit: "connections" });
        }
        let open_to_all = token.is_some() || self.insecure;
        let listener = listen_at(&self.address, open_to_all).await?;
        let wires = match &self.wire {
            Some(address) => Some(listen_at(address, open_to_all).await?),
            None => None,
        };
        let (runner, functions) = match self.runner {
            Some(said) => said,
            None => evaluators(self.program, self.functions, self.evaluator)?,
        };
        let queue = Queue::open(self.queue).await?;
        let exchange = Exchange {
            queue,
            functions,
            partners: Watch::new(self.partners),
            limits: self.limits,
            rate,
            token,
            announcer: Announcer::start(self.announce),
            since: Timestamp::now(),
            stop: CancellationToken::new(),
        };
        let exchange = Arc::new(exchange);
        Ok(Server {
            listener,
            wires: wires.map(|listener| service::listen(listener, &exchange)),
            exchange,
            hosts: Hosts::new(self.hosts),
            runner,
            grace: self.grace,
        })
    }
}

impl fmt::Debug for ServerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerBuilder").field("address", &self.address).finish_non_exhaustive()
    }
}

/// What runs commands by evaluators, and what they may call.
fn evaluators(
    program: Option<PathBuf>,
    functions: Functions,
    limits: EvaluatorLimits,
) -> Result<(Arc<dyn Runner>, Vec<FunctionDescription>), EvaluatorError> {
    let evaluators = match program {
        Some(program) => Evaluators::start_program(program, functions, limits),
        None => Evaluators::start(functions, limits),
    }?;
    let described = evaluators.functions().into_iter().map(FunctionDescription::from).collect();
    Ok((Arc::new(Work(evaluators)), described))
}

/// Binds the address, if only this machine reaches it or all may.
pub(super) async fn listen_at(
    address: &str,
    open_to_all: bool,
) -> Result<TcpListener, ServerError> {
    let failed = |error| ServerError::Bind { address: address.to_owned(), error };
    let addresses: Vec<_> = lookup_host(address).await.map_err(failed)?.collect();
    if let Some(&address) = addresses.iter().find(|address| !open_to_all && !is_loopback(address)) {
        return Err(ServerError::Exposed { address });
    }
    TcpListener::bind(&*addresses).await.map_err(failed)
}

/// As the original prints. An output that is gone takes no server with it.
fn print(line: &str) {
    drop(writeln!(std::io::stdout(), "{line}"));
}

/// The original's port.
const ADDRESS: &str = "127.0.0.1:4242";
/// Supervisors commonly kill after ten.
const GRACE: Duration = Duration::from_secs(5);
