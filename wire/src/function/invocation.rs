//! One call of the peer, as the code that `#[remote_fn]` writes sees it.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use tokio::task::{JoinHandle, spawn_blocking};
use tracing::Span;

use crate::codec::{Decoder, WrongType};
use crate::convert::{FromWire, ToWire};
use crate::function::context::Context;
use crate::function::definition::Definition;
use crate::function::panics::catch;
use crate::function::raw::{Held, Loan};
use crate::function::reply::{self, Reply, ReplyTo};
use crate::function::returns::{Returns, returned_with_value};
use crate::function::table::{FunctionTable, State};
use crate::handle::Wire;
use crate::session::Unwound;

/// Gives a function its arguments, and takes its value.
pub struct Invocation<'a> {
    wire: &'a Wire,
    withhold: bool,
    definition: &'static Definition,
    /// What the function needs and has not taken yet.
    states: std::slice::Iter<'a, Option<State>>,
    arguments: Decoder<'a>,
    index: usize,
    /// Where the value goes, until it has gone.
    to: Option<ReplyTo>,
    /// The input, for a function that reads what follows its call.
    loan: Option<Arc<Loan>>,
    work: Work,
}

/// Why a function was not run.
pub struct Refused(pub(crate) Unwound);

/// What is left to do of a call.
#[expect(clippy::exhaustive_enums, reason = "made by macro output of the same version")]
pub enum Work {
    /// Nothing: the function has run.
    Done,
    /// This future is to be driven to its end.
    Future(Pin<Box<dyn Future<Output = ()> + Send>>),
    /// This is to be run on a thread for blocking work.
    Blocking(Box<dyn FnOnce() + Send>),
}

/// Runs a blocking function on a thread for that. What it logs stands in the span.
pub(crate) fn run_blocking(block: Box<dyn FnOnce() + Send>, span: Span) -> JoinHandle<()> {
    spawn_blocking(move || span.in_scope(block))
}

impl<'a> Invocation<'a> {
    #[inline]
    pub(crate) fn new(
        wire: &'a Wire,
        table: &'a FunctionTable,
        number: u32,
        arguments: Decoder<'a>,
        to: ReplyTo,
    ) -> Self {
        let target = table.target(number);
        Self {
            wire,
            withhold: table.withhold_reasons,
            definition: target.definition,
            states: target.states.iter(),
            arguments,
            index: 0,
            to: Some(to),
            loan: None,
            work: Work::Done,
        }
    }

    /// The same for a function that reads what follows its call.
    pub(crate) fn lend(&mut self, loan: Arc<Loan>) {
        self.loan = Some(loan);
    }

    /// Reads the arguments and runs the function, and answers if it did not run or panicked. Only on
    /// the wire's task, which has said that it runs functions. What is [left to do](Self::work) stays
    /// here: nearly always it is nothing, which is not handed on through all that is between.
    #[inline]
    pub(crate) fn run(&mut self, count: usize) {
        let ran = check_count(self.definition, count)
            .and_then(|()| catch(|| (self.definition.run)(self)))
            .and_then(|ran| ran.map_err(|Refused(reason)| reason));
        if let Err(reason) = ran {
            self.answer(Err(reason));
        }
    }

    /// Whether nothing is left to do.
    #[inline]
    pub(crate) fn is_done(&self) -> bool {
        matches!(self.work, Work::Done)
    }

    /// What is left to do of a call that has begun to run.
    pub(crate) fn work(self) -> Work {
        self.work
    }

    /// This is left to do.
    pub fn later(&mut self, work: Work) -> Result<(), Refused> {
        self.work = work;
        Ok(())
    }

    /// The wire that the call came over.
    pub fn wire(&self) -> &'a Wire {
        self.wire
    }

    /// The next argument.
    ///
    /// # Errors
    /// The reason to refuse the call: it names the function, the argument and both types.
    #[inline]
    pub fn argument<T: FromWire>(&mut self, name: &'static str) -> Result<T, Refused> {
        self.index += 1;
        T::from_wire(&mut self.arguments).map_err(|error| self.misfit(name, &error))
    }

    /// The next argument, a text that a plain function looks at where it was received.
    ///
    /// # Errors
    /// As [`argument`](Self::argument).
    #[inline]
    pub fn text(&mut self, name: &'static str) -> Result<Cow<'a, str>, Refused> {
        self.index += 1;
        self.arguments.string().map_err(|error| {
            let error = WrongType::new(String::expected(), error.found().to_owned());
            self.misfit(name, &error)
        })
    }

    #[cold]
    fn misfit(&self, name: &'static str, error: &WrongType) -> Refused {
        let function = self.definition.name;
        let message = format!("argument {} (`{name}`) of {function}: {error}", self.index);
        Refused(Unwound::new("WRONG-ARGUMENTS", message).not_run().of_function(function))
    }

    /// The next thing that the function needs of its side: the wire's own `T`, or the state that was
    /// given.
    ///
    /// # Errors
    /// The reason to refuse the call: neither is there (any more).
    pub fn context<T: Any + Send + Sync>(&mut self, name: &'static str) -> Result<Arc<T>, Refused> {
        let given = self.states.next();
        let state = || Arc::clone(given?.as_ref()?).downcast().ok();
        self.wire.get().or_else(state).ok_or_else(|| self.missing(name))
    }

    /// The same for a plain function, which has run before the functions can go.
    ///
    /// # Errors
    /// As [`context`](Self::context).
    #[inline]
    pub fn borrowed<T: Any + Send + Sync>(
        &mut self,
        name: &'static str,
    ) -> Result<Context<'a, T>, Refused> {
        let given = self.states.next();
        let state = || given?.as_ref()?.downcast_ref().map(Context::given);
        self.wire.get().map(Context::own).or_else(state).ok_or_else(|| self.missing(name))
    }

    #[cold]
    fn missing(&self, name: &'static str) -> Refused {
        let function = self.definition.name;
        let message = format!("{function} takes `&{name}` from its side, and this wire has none");
        Refused(Unwound::new("MISSING-STATE", message).not_run().of_function(function))
    }

    /// The function has run: its value is the answer.
    ///
    /// # Errors
    /// None.
    #[inline]
    pub fn done<R: Returns>(&mut self, returned: R) -> Result<(), Refused> {
        self.finish(returned.returned())
    }

    /// As [`done`](Self::done), for a function whose errors go along as values.
    ///
    /// # Errors
    /// None.
    pub fn done_unwinds<T: ToWire, E>(&mut self, returned: Result<T, E>) -> Result<(), Refused>
    where
        E: ToWire + Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.finish(returned_with_value(returned))
    }

    /// Where the value goes, for a function that runs elsewhere.
    pub fn reply(&mut self) -> Reply {
        let to = self.to.take().unwrap_or(ReplyTo::Nobody);
        let (wire, loan) = (self.wire.clone(), self.loan.take());
        Reply::new(wire, to, self.definition, self.withhold, loan)
    }

    /// The input of the wire, for a function that reads what follows its call.
    ///
    /// # Errors
    /// The reason to refuse the call: it stands where nothing can follow it.
    pub fn held(&self) -> Result<Held, Refused> {
        let loan = self.loan.as_ref().ok_or_else(|| Refused(raw_among_arguments(self.definition)));
        Ok(Held::new(Arc::clone(loan?)))
    }

    #[inline]
    fn finish<V: ToWire>(&mut self, returned: Result<V, Unwound>) -> Result<(), Refused> {
        match returned {
            Ok(_) if matches!(self.to, Some(ReplyTo::Nobody)) => self.to = None,
            Ok(values) => self.answer(Ok(&values)),
            Err(reason) => self.answer(Err(reason)),
        }
        Ok(())
    }

    fn answer(&mut self, result: Result<&dyn ToWire, Unwound>) {
        if let (Some(loan), Err(reason)) = (&self.loan, &result) {
            loan.refused(reason);
        }
        if let Some(to) = self.to.take() {
            reply::answer(self.wire, to, self.definition, self.withhold, result);
        }
    }
}

/// Whether the function takes so many arguments.
#[inline]
pub(crate) fn check_count(definition: &'static Definition, count: usize) -> Result<(), Unwound> {
    if definition.parameters.len() == count { Ok(()) } else { Err(wrong_count(definition, count)) }
}

#[cold]
fn wrong_count(definition: &'static Definition, count: usize) -> Unwound {
    let takes = definition.parameters.len();
    let function = definition.name;
    let plural = if takes == 1 { "" } else { "s" };
    let parameters = definition.parameters.iter();
    let list: Vec<_> = parameters.map(|p| format!("{}: {}", p.name, p.ty)).collect();
    let list = list.join(", ");
    let message = format!("{function} takes {takes} argument{plural} ({list}), and got {count}");
    Unwound::new("WRONG-ARGUMENTS", message).not_run().of_function(function)
}

/// Why a function that reads what follows its call cannot be an argument of another.
pub(crate) fn raw_among_arguments(definition: &'static Definition) -> Unwound {
    let function = definition.name;
    let message = format!(
        "{function} reads untagged data behind its call, so it can neither stand among the \
         arguments of another call nor have calls among its own"
    );
    Unwound::new("REFUSED", message).not_run().of_function(function)
}

impl fmt::Debug for Invocation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invocation")
            .field("function", &self.definition.name)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Refused").field(&self.0).finish()
    }
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Done => "Done",
            Self::Future(_) => "Future",
            Self::Blocking(_) => "Blocking",
        })
    }
}
