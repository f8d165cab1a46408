//! Making calls: by the plain methods of [`Wire`], over which the macros are sugar.

use std::borrow::Cow;
use std::sync::{Arc, MutexGuard};

use crate::convert::{FromValues, FromWire, ToWire};
use crate::handle::Wire;
use crate::handle::error::CallError;
use crate::handle::outcome::{Binding, PendingValue};
use crate::handle::pending::{Appended, Pending};
use crate::handle::running::{Doing, enter};
use crate::handle::shared::State;
use crate::handle::slot::{Deliver, Read, Slot};
use crate::session::{Call, Outbound, Ran, SendError, Want};
use crate::value::Symbol;

impl Wire {
    /// Calls a function for its effect, by a computed name; [`remote!`](crate::remote) is sugar
    /// over this.
    ///
    /// The call is appended to the buffer: no answer is asked for, and nothing is awaited.
    ///
    /// # Errors
    /// [`CallError`]; the function certainly was not called.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use wire::{Symbol, Wire, functions};
    ///
    /// let (here, _there) = Wire::pair(functions![], functions![])?;
    /// here.notify(&Symbol::read("common-lisp:write-string")?, &[&"hello"])?;
    /// here.force_output().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn notify(&self, function: &Symbol, arguments: &[&dyn ToWire]) -> Result<(), CallError> {
        self.notify_all(&[Call::new(function, arguments)])
    }

    /// Appends all of the calls, side by side, or none.
    pub(crate) fn notify_all(&self, calls: &[Call<'_>]) -> Result<(), CallError> {
        let label =
            |index: usize| calls.get(index).map_or(Cow::Borrowed(""), |call| call.name.label());
        let mut state = self.lock_open(&|| label(0))?;
        if !state.out.notify_small(calls) {
            let _encoding = enter(Doing::Encoding);
            let appended = state.out.notify(calls, self.leftover_calls);
            appended.map_err(|error| CallError::not_sent(label(error.call()), error))?;
        }
        if state.overflows(&self.shared.limits) {
            drop(state);
            self.shared.flush();
        }
        Ok(())
    }

    /// Calls a function for one value, by a computed name;
    /// [`remote_value!`](crate::remote_value) is sugar over this.
    ///
    /// The call is appended to the buffer here and now; what went wrong with that is told when the
    /// [`Pending`] is awaited.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use wire::{Symbol, Wire, functions, remote_fn};
    ///
    /// #[remote_fn]
    /// fn twice(n: i64) -> i64 {
    ///     2 * n
    /// }
    ///
    /// let (here, _there) = Wire::pair(functions![], functions![twice])?;
    /// let name = Symbol::read("twice")?;
    /// assert_eq!(here.call::<i64>(&name, &[&21]).value().await?, 42);
    /// # Ok(())
    /// # }
    /// ```
    pub fn call<T>(&self, function: &Symbol, arguments: &[&dyn ToWire]) -> Pending<T>
    where
        T: FromWire + Send + 'static,
    {
        self.start_value(&Call::new(function, arguments))
    }

    /// Calls a function for several values, by a computed name;
    /// [`remote_value_bind!`](crate::remote_value_bind) is sugar over this.
    ///
    /// `T` is a tuple: missing values are NIL, extra ones are dropped, as in Lisp.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use wire::{Symbol, Wire, functions, remote_fn};
    ///
    /// #[remote_fn]
    /// fn divide(a: i64, b: i64) -> (i64, i64) {
    ///     (a / b, a % b)
    /// }
    ///
    /// let (here, _there) = Wire::pair(functions![], functions![divide])?;
    /// let name = Symbol::read("divide")?;
    /// let both = here.call_values::<(i64, i64)>(&name, &[&17, &5]).value().await?;
    /// assert_eq!(both, (3, 2));
    /// # Ok(())
    /// # }
    /// ```
    pub fn call_values<T>(&self, function: &Symbol, arguments: &[&dyn ToWire]) -> Pending<T>
    where
        T: FromValues + Send + 'static,
    {
        self.start_values(&Call::new(function, arguments), Want::of(T::COUNT)).0
    }

    pub(crate) fn start_value<T: FromWire + Send + 'static>(&self, call: &Call<'_>) -> Pending<T> {
        self.start(call, Want::Values(1), |values| values.value_or_nil())
    }

    pub(crate) fn start_values<T: FromValues + Send + 'static>(
        &self,
        call: &Call<'_>,
        want: Want,
    ) -> Binding<T> {
        Binding(self.start(call, want, |values| T::from_values(values).map(Some)))
    }

    /// Numbers, encodes and appends a call, and gives what waits for its answer.
    fn start<T: Send + 'static>(&self, call: &Call<'_>, want: Want, read: Read<T>) -> Pending<T> {
        let slot = Arc::new(Slot::new(call.name.label(), want == Want::All, read));
        let waiter = Arc::<Slot<T>>::clone(&slot);
        Pending::new(slot, self, self.append_call(call, want, waiter))
    }

    /// By itself, so that it is compiled once and not for each type that is waited for.
    fn append_call(
        &self,
        call: &Call<'_>,
        want: Want,
        waiter: Arc<dyn Deliver>,
    ) -> Result<Appended, CallError> {
        self.append_waiting(&|| call.name.label(), |out| {
            out.call(call, want, self.leftover_calls, waiter)
        })
    }

    /// Waits until everything sent before has been started, and plain functions have ended; async
    /// ones may still run: waiting for them could be waiting for ourselves.
    ///
    /// One round trip. Dropping what it returns waits for nothing.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use wire::{Wire, functions, remote};
    ///
    /// let (here, _there) = Wire::pair(functions![], functions![])?;
    /// remote!(here, note(1), note(2))?;
    /// here.sync().await?; // both were started
    /// # Ok(())
    /// # }
    /// ```
    pub fn sync(&self) -> PendingValue<()> {
        let label = || Cow::Borrowed("sync");
        let slot: Arc<Slot<()>> = Arc::new(Slot::new(label(), false, |_| Ok(Some(()))));
        let waiter = Arc::<Slot<()>>::clone(&slot);
        let appended = self.append_waiting(&label, |out| out.sync(waiter));
        Pending::new(slot, self, appended).value()
    }

    /// Runs `append`, which files who waits for an answer. `label` names the call.
    #[inline]
    fn append_waiting(
        &self,
        label: &dyn Fn() -> Cow<'static, str>,
        append: impl FnOnce(&mut Output) -> Result<u32, SendError>,
    ) -> Result<Appended, CallError> {
        let mut state = self.lock_open(label)?;
        let not_sent = |error| CallError::not_sent(label(), error);
        if let Some(by) = state.lent_to {
            return Err(not_sent(SendError::InputHeld { by }));
        }
        let encoding = enter(Doing::Encoding);
        let id = append(&mut state.out).map_err(not_sent)?;
        drop(encoding);
        let appended = Appended { id, forced: state.flush };
        if state.overflows(&self.shared.limits) {
            drop(state);
            self.shared.flush();
        }
        Ok(appended)
    }

    /// Locks the state of a wire that is open. `label` names the call that is made.
    #[inline]
    fn lock_open(
        &self,
        label: &dyn Fn() -> Cow<'static, str>,
    ) -> Result<MutexGuard<'_, State>, CallError> {
        let Some(mut state) = self.shared.lock_to_call() else {
            return Err(CallError::WouldDeadlock { function: label(), ran: Ran::No });
        };
        if let Some(why) = state.over() {
            return Err(CallError::Ended { function: label(), why, ran: Ran::No });
        }
        // What was dropped before the call is released before it.
        state.release(&self.shared.imports);
        Ok(state)
    }
}

type Output = Outbound<Arc<dyn Deliver>>;
