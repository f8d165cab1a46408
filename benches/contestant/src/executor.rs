//! What runs a contestant: a runtime of tokio's, of the flavour that the judge asks for.

use std::future::Future;

use tokio::runtime::{Builder, Runtime};
use tokio::task::LocalSet;

use crate::{Result, Settings};

/// Where the connections of a contestant may live.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Threads {
    Any,
    /// All on one: then the runtime has one thread, whatever the judge asks for.
    One,
}

pub(crate) struct Executor {
    runtime: Runtime,
    local: Option<LocalSet>,
}

impl Executor {
    pub(crate) fn new(threads: Threads, settings: &Settings) -> Result<Self> {
        let flavour = settings.or("runtime", "multi".to_owned())?;
        let mut builder = match (threads, flavour.as_str()) {
            // As many workers as there are CPUs: what `#[tokio::main]` makes.
            (Threads::Any, "multi") => Builder::new_multi_thread(),
            (_, "multi" | "current") => Builder::new_current_thread(),
            _ => return Err(format!("there is no runtime {flavour:?}").into()),
        };
        let local = (threads == Threads::One).then(LocalSet::new);
        Ok(Self { runtime: builder.enable_all().build()?, local })
    }

    pub(crate) fn block_on<F: Future>(&self, future: F) -> F::Output {
        match &self.local {
            Some(local) => local.block_on(&self.runtime, future),
            None => self.runtime.block_on(future),
        }
    }
}
