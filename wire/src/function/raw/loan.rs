//! The input of a wire, lent to a function that reads what follows its call.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::BytesMut;

use crate::function::definition::Definition;
use crate::handle::{Shared, WireError};
use crate::session::{Inbound, Unwound};

/// What the wire's task and the called function share while the function holds the input.
///
/// There is one reader, and one front of what is unread; both move from hand to hand, so that
/// nobody else can decode meanwhile. Only while the function asks does the task read for it. The
/// lock is held for moments, and that of the wire's state may be taken under it.
///
/// ```text
///          lend               ask                          finish, or a return
///   task --------> Function -------> Asks             Function ------------------> Back --> task
///                     ^               |                   |
///                     +-- fill, end --+                   +-- unwinding, refusal --> Lost
/// ```
pub(crate) struct Loan {
    shared: Arc<Shared>,
    function: &'static str,
    /// Whether the peer is not told reasons.
    withhold: bool,
    state: Mutex<State>,
}

struct State {
    turn: Turn,
    /// The reader, while it is in nobody's hands.
    reader: Option<Box<Inbound>>,
    /// What is unread, while it is in nobody's hands; and what was read for the function since.
    octets: BytesMut,
    /// Why no more octets come, if none do.
    end: Option<WireError>,
}

enum Turn {
    /// The function has not begun, works with what it has, or has ended and nobody said how.
    Function,
    /// The function waits.
    Asks(Ask),
    /// The function gave the input back.
    Back,
    /// Nobody knows where the next object begins.
    Lost(Lost),
    /// The task has the input again, or is gone.
    Over,
}

/// What a function waits for.
struct Ask {
    /// So many unread octets in all; or, with 0, whether there are any now.
    octets: usize,
    /// The task has not seen that it asks.
    is_new: bool,
    waker: Waker,
}

/// Why the input is lost, for this side and for the peer.
#[derive(Debug)]
pub(crate) struct Lost {
    pub(crate) why: WireError,
    pub(crate) told: String,
}

impl Loan {
    pub(crate) fn new(
        shared: &Arc<Shared>,
        definition: &'static Definition,
        withhold: bool,
    ) -> Arc<Self> {
        let state =
            State { turn: Turn::Function, reader: None, octets: BytesMut::new(), end: None };
        let (shared, function) = (Arc::clone(shared), definition.name);
        Arc::new(Self { shared, function, withhold, state: Mutex::new(state) })
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code of users runs under this lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the wire's task does.
impl Loan {
    /// Hands the input over: from now on, calls that want values fail.
    pub(crate) fn lend(&self, reader: Box<Inbound>, octets: BytesMut) {
        self.shared.lock().lent_to = Some(self.function);
        let mut state = self.lock();
        state.reader = Some(reader);
        state.octets = octets;
    }

    /// Whether the function waits, and for how many unread octets in all; with 0, for whether there
    /// are any.
    pub(crate) fn asks(&self) -> Option<usize> {
        match &self.lock().turn {
            Turn::Asks(ask) => Some(ask.octets),
            _ => None,
        }
    }

    /// Whether the function waits since this was last asked.
    pub(crate) fn is_newly_asked(&self) -> bool {
        match &mut self.lock().turn {
            Turn::Asks(ask) => std::mem::take(&mut ask.is_new),
            _ => false,
        }
    }

    /// So many octets were read for the function.
    pub(crate) fn fill(&self, octets: &[u8]) {
        let mut state = self.lock();
        state.octets.extend_from_slice(octets);
        let there = state.octets.len();
        let waiting = state.answered(|ask| ask.octets <= there);
        go_on(state, waiting);
    }

    /// Just now there is nothing to read.
    pub(crate) fn none_now(&self) {
        let mut state = self.lock();
        let waiting = state.answered(|ask| ask.octets == 0);
        go_on(state, waiting);
    }

    /// No more octets come.
    pub(crate) fn end(&self, why: WireError) {
        let mut state = self.lock();
        state.end = Some(why);
        let waiting = state.answered(|_| true);
        go_on(state, waiting);
    }

    /// Takes the input back, if the function has given it back, or says how it is lost.
    pub(crate) fn take_back(&self) -> Option<Result<(Box<Inbound>, BytesMut), Lost>> {
        let mut state = self.lock();
        match std::mem::replace(&mut state.turn, Turn::Over) {
            Turn::Back => {
                let reader = state.reader.take()?;
                Some(Ok((reader, std::mem::take(&mut state.octets))))
            }
            Turn::Lost(lost) => Some(Err(lost)),
            turn => {
                state.turn = turn;
                None
            }
        }
    }

    /// The task is gone, and the wire with it.
    pub(crate) fn abandon(&self) {
        let why = self.shared.over().unwrap_or(WireError::Closed);
        let mut state = self.lock();
        state.end.get_or_insert(why);
        let waiting = state.answered(|_| true);
        state.turn = Turn::Over;
        go_on(state, waiting);
    }
}

/// What the function does, and what becomes of it.
impl Loan {
    /// Takes up the reader, if it lies here, and puts the octets that lie here behind `octets`. What
    /// was asked is asked no more.
    pub(super) fn take_up(&self, octets: &mut BytesMut) -> Option<Box<Inbound>> {
        let mut state = self.lock();
        state.answered(|_| true);
        append(octets, std::mem::take(&mut state.octets));
        state.reader.take()
    }

    /// Waits until so many octets lie here, those of the function included, which it leaves here
    /// when it asks: `asked` says whether it has.
    pub(super) fn poll_more(
        &self,
        cx: &Context<'_>,
        wanted: usize,
        octets: &mut BytesMut,
        asked: &mut bool,
    ) -> Poll<Result<(), WireError>> {
        let mut state = self.lock();
        if let Turn::Asks(ask) = &mut state.turn {
            ask.waker.clone_from(cx.waker());
            return Poll::Pending;
        }
        // What was read for an ask that was given up meanwhile comes before any end.
        if *asked || !state.octets.is_empty() {
            append(octets, std::mem::take(&mut state.octets));
            return Poll::Ready(Ok(()));
        }
        if let Some(why) = &state.end {
            return Poll::Ready(Err(why.clone()));
        }
        *asked = true;
        std::mem::swap(octets, &mut state.octets);
        let waker = cx.waker().clone();
        state.turn = Turn::Asks(Ask { octets: wanted, is_new: true, waker });
        drop(state);
        self.shared.wake();
        Poll::Pending
    }

    /// Why no more octets come, if none do.
    pub(super) fn ended(&self) -> Option<WireError> {
        self.lock().end.clone()
    }

    /// The function has put the input down. Unless it [gave it back](Self::give_back), how it ended
    /// is still to be said.
    pub(super) fn put_down(&self, reader: Option<Box<Inbound>>, mut octets: BytesMut) {
        let mut state = self.lock();
        append(&mut octets, std::mem::take(&mut state.octets));
        state.octets = octets;
        state.reader = reader.or_else(|| state.reader.take());
    }

    /// The function needs the input no more.
    pub(crate) fn give_back(&self) {
        let mut state = self.lock();
        if matches!(state.turn, Turn::Function) {
            // Before the task can lend it to the next: it may call its caller from now on.
            self.shared.lock().lent_to = None;
            state.turn = Turn::Back;
            drop(state);
            self.shared.wake();
        }
    }

    /// The function has unwound. If it still had the input, nobody knows where the next object
    /// begins.
    pub(crate) fn unwound(&self, reason: &Unwound) {
        let function = Arc::<str>::from(self.function);
        self.lose(reason, |reason| WireError::RawUnwound {
            function: Arc::clone(&function),
            reason,
        });
    }

    /// The call is not run, and nobody knows how much of what follows belongs to it.
    pub(crate) fn refused(&self, reason: &Unwound) {
        let function = Arc::<str>::from(self.function);
        self.lose(reason, |reason| WireError::RawRefused {
            function: Arc::clone(&function),
            reason,
        });
    }

    /// The peer broke a rule in an object.
    pub(super) fn broken(&self, why: WireError) {
        let told = why.to_string();
        self.lost(Lost { why, told });
    }

    fn lose(&self, reason: &Unwound, why: impl Fn(Arc<str>) -> WireError) {
        let text = match reason.condition() {
            Some(condition) => format!("{}: {}", condition.name(), reason.message()),
            None => reason.message().to_owned(),
        };
        let told = why(if self.withhold { "".into() } else { text.as_str().into() });
        self.lost(Lost { why: why(text.into()), told: told.to_string() });
    }

    fn lost(&self, lost: Lost) {
        let mut state = self.lock();
        // What was given back is not lost, and the first reason is the one.
        if matches!(state.turn, Turn::Function | Turn::Asks(_)) {
            state.end.get_or_insert_with(|| lost.why.clone());
            state.turn = Turn::Lost(lost);
            drop(state);
            self.shared.wake();
        }
    }
}

impl State {
    /// The function goes on, if it waits and `enough` is there: what wakes it.
    fn answered(&mut self, enough: impl FnOnce(&Ask) -> bool) -> Option<Waker> {
        match std::mem::replace(&mut self.turn, Turn::Function) {
            Turn::Asks(ask) if enough(&ask) => Some(ask.waker),
            turn => {
                self.turn = turn;
                None
            }
        }
    }
}

/// Wakes outside of the lock.
fn go_on(state: MutexGuard<'_, State>, waiting: Option<Waker>) {
    drop(state);
    if let Some(waker) = waiting {
        waker.wake();
    }
}

/// Puts `more` behind `octets`, without copying where one of them is empty.
fn append(octets: &mut BytesMut, more: BytesMut) {
    if octets.is_empty() {
        *octets = more;
    } else {
        octets.extend_from_slice(&more);
    }
}

impl fmt::Debug for Loan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loan").field("function", &self.function).finish_non_exhaustive()
    }
}
