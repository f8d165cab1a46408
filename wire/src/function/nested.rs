//! Calls with calls among their arguments: run one after the other, innermost first.

use std::sync::Arc;
use std::task::Waker;

use tokio::sync::oneshot;
use tracing::Span;

use crate::codec::{Received, Text};
use crate::function::inner::{Arguments, InnerValue, InnerValues};
use crate::function::invocation::{Invocation, Work, check_count, run_blocking};
use crate::function::reply::{self, ReplyTo, Running};
use crate::function::table::FunctionTable;
use crate::handle::{Shared, Wire};
use crate::session::{Answer, Plan, PlanCall, PlanFunction, Unwound, Values};

/// Runs a call tree, and answers its top call. Nothing is run unless every name and every argument
/// count in it is in order; an unwinding anywhere in it unwinds the whole.
pub(crate) async fn evaluate(plan: Plan, table: Arc<FunctionTable>, wire: Wire) {
    let _running = Running::new(wire.shared());
    let (calls, answer) = (&plan.calls[..], plan.answer);
    let mut unanswered = Unanswered { shared: wire.shared(), calls, answer };
    match run(&plan, &table, &wire, &mut unanswered).await {
        Ok(()) => unanswered.nil(),
        Err(reason) => unanswered.refuse(table.told(reason)),
    }
}

/// Tells whoever waits for a call tree, or for an answer in it, that it is not run.
pub(crate) fn refuse_plan(plan: &Plan, reason: Unwound, shared: &Shared) {
    Unanswered { shared, calls: &plan.calls, answer: plan.answer }.refuse(reason);
}

/// The duty to answer a call tree until its top call has taken it over. Dropped with it, as by a
/// cancelled task, it tells the caller.
struct Unanswered<'a> {
    shared: &'a Shared,
    /// What has not begun. Calls of ours that are answered in it get no value any more.
    calls: &'a [PlanCall],
    answer: Option<Answer>,
}

impl Unanswered<'_> {
    /// The top call was one of the protocol itself, if nobody has taken the answer: its value is NIL.
    fn nil(&mut self) {
        if let Some(answer) = self.answer.take() {
            reply::answer_peer(self.shared, answer, "", Ok(&()));
            self.shared.flush();
        }
    }

    fn refuse(&mut self, reason: Unwound) {
        for call in std::mem::take(&mut self.calls) {
            let is_answer = !matches!(call.function, PlanFunction::Named { .. });
            if let Some(token) = call.token().filter(|token| is_answer && token.is_local()) {
                self.shared.unwound(token.id(), lost_value());
            }
        }
        refuse(self.shared, self.answer.take(), reason);
        self.shared.flush();
    }
}

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        if self.answer.is_some() || !self.calls.is_empty() {
            self.refuse(Unwound::new("CANCELLED", "the call was dropped before it ended"));
        }
    }
}

fn lost_value() -> Unwound {
    Unwound::new("NOT-SENDABLE", "the peer could not send the value")
}

/// Tells whoever waits for a call that it was not run, or unwound.
pub(crate) fn refuse(shared: &Shared, answer: Option<Answer>, reason: Unwound) {
    match answer {
        Some(answer) => reply::answer_peer(shared, answer, "", Err(reason)),
        None => tracing::debug!(peer = %shared.peer, %reason, "a call made for its effect unwound"),
    }
}

async fn run<'a>(
    plan: &'a Plan,
    table: &FunctionTable,
    wire: &Wire,
    unanswered: &mut Unanswered<'a>,
) -> Result<(), Unwound> {
    for call in &plan.calls {
        check(call, table)?;
    }
    let shared = wire.shared();
    let mut values = InnerValues::new(plan.depth, &shared.limits);
    let top = plan.calls.len() - 1;
    for (index, call) in plan.calls.iter().enumerate() {
        let arguments = values.arguments(call, &shared.imports);
        unanswered.calls = &plan.calls[index + 1..];
        let PlanFunction::Named { name, package } = &call.function else {
            deliver(call, &arguments, shared);
            values.push(InnerValue::nil());
            continue;
        };
        let number = table.find(name, package).ok_or_else(|| table.undefined(name, package))?;
        tracing::trace!(peer = %shared.peer, function = name, "a call came");
        if index == top {
            let first = if index == 0 { ReplyTo::Peer } else { ReplyTo::Tree };
            let to = unanswered.answer.take().map_or(ReplyTo::Nobody, first);
            drive(invoke(wire, table, number, arguments, to)).await;
            shared.flush();
            break;
        }
        let (outer, value) = oneshot::channel();
        let to = ReplyTo::Outer(outer, values.room());
        drive(invoke(wire, table, number, arguments, to)).await;
        let dropped = |_| Unwound::new("CANCELLED", format!("{name} was dropped before it ended"));
        let value = value.await.map_err(dropped)?;
        values.push(value.map_err(|reason| match index {
            0 => reason,
            _ => reason.of_more_that_ran(),
        })?);
    }
    Ok(())
}

fn check(call: &PlanCall, table: &FunctionTable) -> Result<(), Unwound> {
    let PlanFunction::Named { name, package } = &call.function else {
        return Ok(());
    };
    let number = table.find(name, package).ok_or_else(|| table.undefined(name, package))?;
    check_count(table.definition(number), call.count)
}

/// Reads the arguments and runs the function, as far as it runs here.
fn invoke(
    wire: &Wire,
    table: &FunctionTable,
    number: u32,
    arguments: Arguments<'_>,
    to: ReplyTo,
) -> Work {
    let nothing = Received::new(&wire.shared().limits, Text::Utf8);
    let decoder = arguments.decoder(&nothing);
    // Their count was checked before anything ran.
    let count = table.definition(number).parameters.len();
    let mut invocation = Invocation::new(wire, table, number, decoder, to);
    invocation.run(count);
    invocation.work()
}

async fn drive(work: Work) {
    match work {
        Work::Done => {}
        Work::Future(future) => future.await,
        // A blocking function answers for itself, also when it panics.
        Work::Blocking(block) => drop(run_blocking(block, Span::current()).await),
    }
}

/// An answer in argument position: see `PlanFunction::Return`.
fn deliver(call: &PlanCall, arguments: &Arguments<'_>, shared: &Shared) {
    let nothing = Received::new(&shared.limits, Text::Utf8);
    let mut decoder = arguments.decoder(&nothing);
    // A token of another process is no call of ours.
    let Some(token) = decoder.token().ok().filter(|token| token.is_local()) else {
        return;
    };
    match call.function {
        PlanFunction::Return if call.has_nested() => shared.unwound(token.id(), lost_value()),
        PlanFunction::Return => {
            let waker = shared.returned(token.id(), Values::new(decoder, call.count - 1, true));
            waker.into_iter().for_each(Waker::wake);
        }
        _ => shared.unwound(token.id(), Unwound::unexplained()),
    }
}
