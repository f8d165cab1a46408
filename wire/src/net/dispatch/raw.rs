//! Calls of functions that read what follows them untagged.

use std::sync::Arc;

use crate::codec::{Decoder, Received, SymbolRef, Text};
use crate::function::{
    Definition, FunctionKind, Invocation, Loan, ReplyTo, Work, raw_among_arguments,
};
use crate::handle::Wire;
use crate::net::dispatch::Dispatch;
use crate::session::{Answer, FunctionName, Plan, PlanFunction, Unwound};

/// A call whose function is to have the input of the wire, or would have had it.
pub(crate) struct RawCall {
    pub(crate) loan: Arc<Loan>,
    work: Work,
    function: &'static str,
    answer: Option<Answer>,
}

impl RawCall {
    pub(super) fn new(
        loan: Arc<Loan>,
        work: Work,
        definition: &'static Definition,
        answer: Option<Answer>,
    ) -> Self {
        Self { loan, work, function: definition.name, answer }
    }
}

impl Dispatch {
    /// Whether a call waits for the input.
    pub(crate) fn has_raw(&self) -> bool {
        self.raw.is_some()
    }

    /// The call that is to have the input.
    pub(crate) fn take_raw(&mut self) -> Option<RawCall> {
        self.raw.take()
    }

    /// Runs the function of a call that was given the input, until it first waits.
    pub(crate) fn start_raw(&mut self, call: RawCall) {
        self.start(call.work, call.function, call.answer);
    }

    /// The function that a name means, if it reads what follows its call.
    pub(crate) fn raw_named(&mut self, function: &FunctionName<'_>) -> Option<&'static Definition> {
        self.resolve(function).and_then(|number| self.raw(number))
    }

    /// The number of the first such function that a call tree calls.
    pub(crate) fn raw_in(&self, plan: &Plan) -> Option<u32> {
        plan.calls.iter().find_map(|call| match &call.function {
            PlanFunction::Named { name, package } => {
                self.table.find(name, package).filter(|&number| self.raw(number).is_some())
            }
            PlanFunction::Return | PlanFunction::Abort => None,
        })
    }

    fn raw(&self, number: u32) -> Option<&'static Definition> {
        let definition = self.table.definition(number);
        (definition.kind == FunctionKind::Raw).then_some(definition)
    }

    /// Refuses a call, of whatever function.
    pub(crate) fn refuse_call(
        &mut self,
        definition: &'static Definition,
        answer: Option<Answer>,
        reason: Unwound,
        wire: &Wire,
    ) {
        if definition.kind == FunctionKind::Raw {
            self.lose(definition, &reason, wire);
        }
        self.refuse(answer, reason, wire);
    }

    /// The same for a call that was skipped, of which the name is known.
    pub(super) fn lose_named(&mut self, name: &SymbolRef<'_>, reason: &Unwound, wire: &Wire) {
        let number = self.table.find(&name.name, &name.package);
        if let Some(definition) = number.and_then(|number| self.raw(number)) {
            self.lose(definition, reason, wire);
        }
    }

    /// A call of a function that reads what follows is not run: what follows cannot be told from
    /// calls.
    pub(super) fn lose(&mut self, definition: &'static Definition, reason: &Unwound, wire: &Wire) {
        let loan = Loan::new(wire.shared(), definition, self.table.withhold_reasons);
        loan.refused(reason);
        self.raw = Some(RawCall::new(loan, Work::Done, definition, None));
    }

    /// Runs a call that was held back, or refuses a tree: it would be run while what follows it is
    /// decoded.
    pub(super) fn raw_plan(&mut self, plan: Plan, number: u32, wire: &Wire) {
        let definition = self.table.definition(number);
        let [call] = &plan.calls[..] else {
            return self.refuse_plan(plan, raw_among_arguments(definition), wire);
        };
        if let Err(reason) = self.admit(definition, plan.answer, wire.shared()) {
            return self.refuse_plan(plan, reason, wire);
        }
        let shared = wire.shared();
        let loan = Loan::new(shared, definition, self.table.withhold_reasons);
        let to = plan.answer.map_or(ReplyTo::Nobody, ReplyTo::Peer);
        // Copied out, its octets look nothing up and are UTF-8, and no argument is another's value.
        let nothing = Received::new(&shared.limits, Text::Utf8);
        let octets = call.arguments(|_, _| {});
        let arguments = Decoder::new(&octets, &nothing, Text::Utf8, &shared.imports);
        let mut invocation = Invocation::new(wire, &self.table, number, arguments, to);
        invocation.lend(Arc::clone(&loan));
        invocation.run(call.count);
        let work = invocation.work();
        self.raw = Some(RawCall::new(loan, work, definition, plan.answer));
    }
}
