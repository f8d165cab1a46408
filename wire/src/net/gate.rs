//! What stands before a server's wire until its application has let the peer in.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::time::Sleep;

use crate::function::{Definition, catch};
use crate::handle::{Shared, Wire, WireError};
use crate::net::dispatch::Dispatch;
use crate::session::{Answer, Event, Plan, Unwound};

/// What a refusal says.
pub(crate) type Refusal = Box<dyn Error + Send + Sync>;

/// The on-connect hook on its way.
pub(crate) type Hook = Pin<Box<dyn Future<Output = Result<(), Refusal>> + Send>>;

/// What a held call costs beside its arguments.
const HELD_CALL: usize = 256;

/// Holds calls until the on-connect hook has let the peer in.
///
/// ```text
///   Greeting --first object, or the wait is over--> Hook --Ok--> Open
///                                                    \---Err--> the wire is refused
/// ```
///
/// The hook waits for the first object because only then is the peer's dialect known, in which it
/// may want to call it back. Answers pass at any time, so the hook may call; calls are held and run
/// in their order afterwards.
pub(crate) struct Gate {
    state: State,
    extended: bool,
    held: Vec<Held>,
    octets: usize,
    /// The last of them is of a function that reads what follows: nothing more is decoded.
    before_data: bool,
    just_opened: bool,
}

/// What must not overtake the calls before it.
enum Held {
    Call(Plan),
    /// An object that is its own value: whoever asked for it knows then that all before has begun.
    Object(Answer, Vec<u8>),
}

enum State {
    Greeting(Pin<Box<Sleep>>, Option<Hook>),
    Hook(Hook),
    Open,
    Refused(WireError),
}

impl Gate {
    /// No gate: a wire that this side made.
    pub(crate) fn open() -> Self {
        Self::of(State::Open)
    }

    /// A gate that waits until `greeting` is over or the peer's first object has come, and then
    /// for `hook`.
    /// With `extended`, only a peer that has said a hello by then is let in.
    pub(crate) fn greeting(greeting: Sleep, hook: Option<Hook>, extended: bool) -> Self {
        Self { extended, ..Self::of(State::Greeting(Box::pin(greeting), hook)) }
    }

    fn of(state: State) -> Self {
        Self {
            state,
            extended: false,
            held: Vec::new(),
            octets: 0,
            before_data: false,
            just_opened: false,
        }
    }

    /// Whether every event is handled as it comes.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.state, State::Open)
    }

    /// Whether what was read must wait for the hook. While the hook itself waits for the peer it
    /// must not: the answer is behind what would not be read.
    pub(crate) fn holds_input(&self, shared: &Shared) -> bool {
        self.before_data
            || self.octets > shared.limits.held_calls && shared.lock().out.waiting() == 0
    }

    /// Whether calls came that were neither run nor refused yet.
    pub(crate) fn holds_calls(&self) -> bool {
        !self.held.is_empty()
    }

    /// Why the wire ends, if its peer was refused.
    pub(crate) fn refused(&self) -> Option<WireError> {
        match &self.state {
            State::Refused(why) => Some(why.clone()),
            _ => None,
        }
    }

    /// Whether the gate has opened since this was last asked, so that held input can go on.
    pub(crate) fn just_opened(&mut self) -> bool {
        std::mem::take(&mut self.just_opened)
    }

    /// Has an event handled, or holds it if it is a call and the gate is closed.
    pub(crate) fn pass(
        &mut self,
        event: Event<'_>,
        wire: &Wire,
        dispatch: &mut Dispatch,
    ) -> Result<(), WireError> {
        if let State::Open = self.state {
            return dispatch.event(event, wire);
        }
        if let (State::Greeting(..), Event::Hello(_)) = (&self.state, &event) {
            let heard = dispatch.event(event, wire);
            self.end_greeting(wire);
            return heard;
        }
        self.end_greeting(wire);
        match self.state {
            State::Open => return dispatch.event(event, wire),
            // Our side is closed: nothing that comes can be answered any more.
            State::Refused(_) => return Ok(()),
            State::Greeting(..) | State::Hook(_) => {}
        }
        let held = match event {
            Event::Call(call) => match call.function.symbol() {
                Some(symbol) => {
                    if let Some(function) = dispatch.raw_named(&call.function) {
                        if let Err(reason) = self.hold_input(function, wire.shared()) {
                            dispatch.refuse_call(function, call.answer, reason, wire);
                            return Ok(());
                        }
                    }
                    Held::Call(Plan::of_call(&symbol, call.arguments, call.count, call.answer))
                }
                None => return dispatch.event(Event::Call(call), wire),
            },
            Event::Nested(plan) if plan.runs_functions() && dispatch.raw_in(&plan).is_none() => {
                Held::Call(plan)
            }
            Event::Object(answer, mut object) => {
                let mut octets = Vec::new();
                // Scanned octets are whole; if not, there is nothing to send back.
                let _ = object.expand(&mut octets);
                Held::Object(answer, octets)
            }
            other => return dispatch.event(other, wire),
        };
        if self.octets > wire.shared().limits.held_calls {
            let message = "the server's hook waits for its caller, and too many calls wait for it";
            held.refuse(Unwound::new("TOO-MANY-CALLS", message), wire, dispatch);
            return Ok(());
        }
        self.octets += held.len();
        self.held.push(held);
        Ok(())
    }

    /// Stops the input behind a call of a function that reads what follows it.
    fn hold_input(&mut self, function: &Definition, shared: &Shared) -> Result<(), Unwound> {
        let mut state = shared.lock();
        if state.out.waiting() > 0 {
            let message = "the server's hook waits for its caller, and the answer stands behind the \
                           untagged data of the call";
            return Err(Unwound::new("REFUSED", message).not_run());
        }
        state.lent_to = Some(function.name);
        self.before_data = true;
        Ok(())
    }

    /// Drives the hook, and runs what was held once it has let the peer in.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>, wire: &Wire, dispatch: &mut Dispatch) {
        if let State::Greeting(greeting, _) = &mut self.state {
            if greeting.as_mut().poll(cx).is_pending() {
                return;
            }
            self.end_greeting(wire);
        }
        if let State::Hook(hook) = &mut self.state {
            // A hook that panics lets nobody in.
            let asked = catch(|| hook.as_mut().poll(cx));
            match asked.unwrap_or_else(|panic| Poll::Ready(Err(panic.into()))) {
                Poll::Pending => {}
                Poll::Ready(Ok(())) => self.admit(wire, dispatch),
                Poll::Ready(Err(refusal)) => self.refuse(&refusal, wire, dispatch),
            }
        }
    }

    fn end_greeting(&mut self, wire: &Wire) {
        let State::Greeting(_, hook) = &mut self.state else {
            return;
        };
        let refused = self.extended && !wire.is_extended();
        let unheard: Option<Hook> = refused.then(|| {
            let reason = "this server speaks the extended dialect only, and heard no hello";
            Box::pin(async move { Err(reason.into()) }) as _
        });
        let hook = hook.take();
        self.state = unheard.or(hook).map_or(State::Open, State::Hook);
        self.just_opened = true;
    }

    fn admit(&mut self, wire: &Wire, dispatch: &mut Dispatch) {
        self.state = State::Open;
        self.just_opened = true;
        self.octets = 0;
        self.before_data = false;
        for held in std::mem::take(&mut self.held) {
            match held {
                Held::Call(plan) => dispatch.plan(plan, wire),
                Held::Object(answer, octets) => dispatch.echo(answer, &octets, wire),
            }
        }
        wire.shared().lock().flush = true;
    }

    fn refuse(&mut self, refusal: &Refusal, wire: &Wire, dispatch: &mut Dispatch) {
        let reason = refusal.to_string();
        tracing::info!(peer = %wire.peer(), reason, "a peer was refused");
        for held in std::mem::take(&mut self.held) {
            held.refuse(Unwound::new("REFUSED", &*reason), wire, dispatch);
        }
        // What was held is answered, and the goodbye says why.
        drop(wire.close_because(&reason));
        self.state = State::Refused(WireError::Refused { reason: reason.into() });
    }
}

impl Held {
    /// Tells whoever waits for it that it is not run.
    fn refuse(self, reason: Unwound, wire: &Wire, dispatch: &mut Dispatch) {
        match self {
            Self::Call(plan) => dispatch.refuse_plan(plan, reason.not_run(), wire),
            Self::Object(answer, _) => dispatch.refuse(Some(answer), reason.not_run(), wire),
        }
    }

    /// The octets that it takes here, more or less.
    fn len(&self) -> usize {
        HELD_CALL
            + match self {
                Self::Call(plan) => plan.len(),
                Self::Object(_, octets) => octets.len(),
            }
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.state {
            State::Greeting(..) => "Greeting",
            State::Hook(_) => "Hook",
            State::Open => "Open",
            State::Refused(_) => "Refused",
        })
    }
}
