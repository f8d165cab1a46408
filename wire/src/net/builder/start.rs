//! What a builder makes: a wire, its gate and its task.

use std::any::TypeId;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};
use tracing::Instrument;
use tracing::instrument::Instrumented;

use crate::codec::{Hello, Reads};
use crate::function::{FunctionTable, FunctionsError};
use crate::handle::{Parts, Peer, Shared, Wire, WireError};
use crate::net::builder::{Builder, Dialect};
use crate::net::driver::Driver;
use crate::net::error::ConnectError;
use crate::net::gate::{Gate, Hook};
use crate::net::line::Stream;
use crate::net::serving::ServingTask;

impl Builder {
    /// Starts the wire and waits for the peer's hello, as the dialect asks.
    pub(super) async fn greeted(
        self,
        stream: Box<dyn Stream>,
        peer: Peer,
    ) -> Result<Wire, ConnectError> {
        let table = self.functions.freeze(&self.own_types())?;
        let wire = self.start(stream, peer, table);
        if self.dialect == Dialect::Classic {
            return Ok(wire);
        }
        let wire = Unconnected(Some(wire));
        // A wire that ends meanwhile tells as well.
        let heard = timeout(self.wait_for_hello(), wire.shared().greeting.notified()).await;
        if let Some(why) = wire.shared().over() {
            return Err(ConnectError::Ended(why));
        }
        if self.dialect == Dialect::Extended && heard.is_err() {
            return Err(ConnectError::NotExtended { waited: self.wait_for_hello() });
        }
        wire.connected()
    }

    /// Puts a wire together and spawns its task.
    pub(crate) fn start(
        &self,
        stream: Box<dyn Stream>,
        peer: Peer,
        table: Arc<FunctionTable>,
    ) -> Wire {
        let (wire, driver) = self.make(stream, peer, table, &|_| Gate::open(), None);
        tokio::spawn(driver);
        wire
    }

    /// Puts a wire together, and the task that is to be spawned for it.
    pub(crate) fn make(
        &self,
        stream: Box<dyn Stream>,
        peer: Peer,
        table: Arc<FunctionTable>,
        gate: &dyn Fn(&Wire) -> Gate,
        task: Option<ServingTask>,
    ) -> (Wire, Instrumented<Driver>) {
        let shared = self.shared(peer, &table);
        if self.dialect != Dialect::Classic {
            let hello = Hello::new(Reads::ALL, &self.limits).to_string();
            let mut state = shared.lock();
            // A string of ASCII always fits.
            let _ = state.out.protocol(&|out| out.string(&hello));
            state.flush = true;
        }
        let wire = Wire::of(&shared);
        let driver = Driver::new(&wire, stream, table, gate(&wire), self.keepalive, task);
        // All that a wire logs, and its plain functions log, stands in its span.
        let span = tracing::info_span!("wire", peer = %wire.peer());
        (wire, driver.instrument(span))
    }

    /// The gate of a server's wire: it waits for the peer's first object as long as a client waits
    /// for a hello.
    pub(crate) fn gate(&self, hook: Option<Hook>) -> Gate {
        let extended = self.dialect == Dialect::Extended;
        Gate::greeting(sleep(self.wait_for_hello()), hook, extended)
    }

    fn wait_for_hello(&self) -> Duration {
        self.hello_wait.unwrap_or(match self.dialect {
            Dialect::Classic => Duration::ZERO,
            Dialect::Negotiated => Duration::from_millis(200),
            Dialect::Extended => Duration::from_secs(5),
        })
    }

    /// Has both ends of a pair know each other's dialect from the start.
    pub(crate) fn introduce(&self, wire: &Wire, to: &Self) {
        if self.dialect != Dialect::Classic && to.dialect != Dialect::Classic {
            wire.shared().lock().out.heard(&Hello::new(Reads::ALL, &to.limits));
        }
    }

    pub(crate) fn freeze(&self, also: &[TypeId]) -> Result<Arc<FunctionTable>, FunctionsError> {
        let own: Vec<_> = self.own_types().into_iter().chain(also.iter().copied()).collect();
        self.functions.freeze(&own)
    }

    pub(super) fn own_types(&self) -> Vec<TypeId> {
        self.own.keys().copied().collect()
    }

    fn shared(&self, peer: Peer, table: &FunctionTable) -> Arc<Shared> {
        let shared = Shared::new(Parts {
            peer,
            limits: Arc::clone(&self.limits),
            text: self.text,
            close_grace: self.close_grace,
            serves: table.serves,
            classic: self.dialect == Dialect::Classic,
        });
        for (id, value) in &self.own {
            shared.insert(*id, Arc::clone(value));
        }
        shared
    }
}

/// A wire that nobody has yet: dropped, with the future that waits for its hello, it ends.
struct Unconnected(Option<Wire>);

impl Unconnected {
    fn connected(mut self) -> Result<Wire, ConnectError> {
        self.0.take().ok_or(ConnectError::Ended(WireError::Closed))
    }
}

impl Deref for Unconnected {
    type Target = Wire;

    fn deref(&self) -> &Wire {
        match &self.0 {
            Some(wire) => wire,
            None => unreachable!("it is taken out only as it is given away"),
        }
    }
}

impl Drop for Unconnected {
    fn drop(&mut self) {
        if let Some(wire) = &self.0 {
            wire.abort("connecting was given up, or the peer said no hello");
        }
    }
}
