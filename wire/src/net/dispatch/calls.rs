//! A call's way to its function.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Waker};

use tokio::task::AbortHandle;
use tracing::Instrument;

use crate::codec::Decoder;
use crate::function::{Definition, FunctionKind, Invocation, Loan, ReplyTo, Work, run_blocking};
use crate::handle::{Counters, Shared, Wire};
use crate::net::dispatch::{Dispatch, RawCall, compact_id, too_many};
use crate::session::{Answer, FunctionName, IncomingCall, SmallCall, Unwound};

/// In [`Dispatch::resolved`]: the name of that cache index was not looked up yet.
const NOT_YET: u32 = u32::MAX;
/// In [`Dispatch::resolved`]: nothing answers to it.
const NOBODY: u32 = u32::MAX - 1;

impl Dispatch {
    /// Nothing of it is written down on the way to its function.
    #[inline]
    pub(super) fn small_call(&mut self, call: SmallCall<'_>, wire: &Wire) {
        match self.resolved_before(call.index) {
            Some(number) => self.run(number, call.arguments, call.count, call.answer, wire),
            None => self.call(call.into(), wire),
        }
    }

    pub(super) fn call(&mut self, call: IncomingCall<'_>, wire: &Wire) {
        match self.resolve(&call.function) {
            Some(number) => self.run(number, call.arguments, call.count, call.answer, wire),
            None => self.undefined(&call, wire),
        }
    }

    /// Runs a function, or tells the caller why not.
    #[inline]
    fn run(
        &mut self,
        number: u32,
        arguments: Decoder<'_>,
        count: usize,
        answer: Option<Answer>,
        wire: &Wire,
    ) {
        let shared = wire.shared();
        Counters::add(&shared.counters.calls_in, 1);
        let definition = self.table.definition(number);
        tracing::trace!(peer = %shared.peer, function = definition.name, "a call came");
        if let Err(reason) = self.admit(definition, answer, shared) {
            return self.refuse_call(definition, answer, reason, wire);
        }
        // The function may take its time.
        self.woken.wake();
        let to = answer.map_or(ReplyTo::Nobody, ReplyTo::Peer);
        let mut invocation = Invocation::new(wire, &self.table, number, arguments, to);
        if definition.kind == FunctionKind::Raw {
            let loan = Loan::new(shared, definition, self.table.withhold_reasons);
            invocation.lend(Arc::clone(&loan));
            invocation.run(count);
            self.raw = Some(RawCall::new(loan, invocation.work(), definition, answer));
            return;
        }
        invocation.run(count);
        if !invocation.is_done() {
            self.start(invocation.work(), definition.name, answer);
        }
    }

    /// Whether a call may run, as far as there is room for it and its answer.
    pub(super) fn admit(
        &self,
        definition: &Definition,
        answer: Option<Answer>,
        shared: &Shared,
    ) -> Result<(), Unwound> {
        if definition.kind != FunctionKind::Plain && self.crowded(shared) {
            return Err(too_many(&shared.limits));
        }
        if answer.is_some() && full(shared) {
            let reason = Unwound::new("TOO-MUCH-OUTPUT", "the caller does not read its answers");
            return Err(reason.not_run());
        }
        Ok(())
    }

    /// Runs the rest of a call: an async function here until it first waits, then, like a blocking
    /// one, elsewhere.
    pub(super) fn start(&mut self, work: Work, function: &str, answer: Option<Answer>) {
        match work {
            Work::Done => {}
            Work::Blocking(block) => {
                let span = tracing::debug_span!("call", function);
                drop(run_blocking(block, span));
            }
            Work::Future(mut future) => {
                // What it waits for learns its real waker when its own task polls it again.
                let mut cx = Context::from_waker(Waker::noop());
                if future.as_mut().poll(&mut cx).is_pending() {
                    let span = tracing::debug_span!("call", function);
                    let task = tokio::spawn(future.instrument(span));
                    if let Some(id) = compact_id(answer) {
                        self.keep_cancellable(id, task.abort_handle());
                    }
                }
            }
        }
    }

    fn keep_cancellable(&mut self, id: u32, task: AbortHandle) {
        // Those that have ended are swept when they may be half of all, so each is looked at twice
        // in the mean.
        if self.waiting.len() == self.waiting.capacity() {
            self.waiting.retain(|_, task| !task.is_finished());
        }
        self.waiting.insert(id, task);
    }

    /// The number of the function that a name means on this wire.
    #[inline]
    pub(super) fn resolve(&mut self, function: &FunctionName<'_>) -> Option<u32> {
        let Some(index) = function.index() else {
            return self.find(function);
        };
        self.resolved_before(index).or_else(|| self.resolve_first(index as usize, function))
    }

    /// The number of the function whose name has that cache index, if it was looked up and found.
    #[inline]
    fn resolved_before(&self, index: u32) -> Option<u32> {
        self.resolved.get(index as usize).copied().filter(|&number| number < NOBODY)
    }

    /// What nothing answers to, or was not looked up yet.
    #[cold]
    fn resolve_first(&mut self, index: usize, function: &FunctionName<'_>) -> Option<u32> {
        if index >= self.resolved.len() {
            self.resolved.resize(index + 1, NOT_YET);
        }
        if self.resolved[index] == NOT_YET {
            self.resolved[index] = self.find(function).unwrap_or(NOBODY);
        }
        Some(self.resolved[index]).filter(|&number| number != NOBODY)
    }

    fn find(&self, function: &FunctionName<'_>) -> Option<u32> {
        let symbol = function.symbol()?;
        self.table.find(&symbol.name, &symbol.package)
    }

    fn undefined(&mut self, call: &IncomingCall<'_>, wire: &Wire) {
        Counters::add(&wire.shared().counters.calls_in, 1);
        Counters::add(&wire.shared().counters.refused_in, 1);
        let symbol = call.function.symbol();
        let reason = match &symbol {
            Some(symbol) => self.table.undefined(&symbol.name, &symbol.package),
            None => Unwound::new("UNDEFINED-FUNCTION", "the function's name is not text").not_run(),
        };
        self.refuse(call.answer, reason, wire);
    }
}

fn full(shared: &Shared) -> bool {
    shared.buffered.load(Ordering::Relaxed) >= shared.limits.buffered_output
}
