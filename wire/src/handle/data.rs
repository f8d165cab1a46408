//! Making calls with untagged data behind them.

use crate::convert::{FromValues, FromWire, ToWire};
use crate::handle::Wire;
use crate::handle::error::CallError;
use crate::handle::pending::Pending;
use crate::session::{Call, RawOutput, Want};
use crate::value::Symbol;

/// Calls of functions that read untagged data; in the call macros `with` stands for these.
impl Wire {
    /// As [`notify`](Self::notify), with untagged data behind the call, for a function that reads
    /// such. Call and data are appended as one unit, or neither is.
    ///
    /// # Errors
    /// [`CallError`]; the function certainly was not called.
    pub fn notify_with(
        &self,
        function: &Symbol,
        arguments: &[&dyn ToWire],
        data: &RawOutput<'_>,
    ) -> Result<(), CallError> {
        self.notify_all(&[Call::new(function, arguments).with(data)])
    }

    /// As [`call`](Self::call), with untagged data behind the call, for a function that reads such.
    pub fn call_with<T>(
        &self,
        function: &Symbol,
        arguments: &[&dyn ToWire],
        data: &RawOutput<'_>,
    ) -> Pending<T>
    where
        T: FromWire + Send + 'static,
    {
        self.start_value(&Call::new(function, arguments).with(data))
    }

    /// As [`call_values`](Self::call_values), with untagged data behind the call, for a function
    /// that reads such.
    pub fn call_values_with<T>(
        &self,
        function: &Symbol,
        arguments: &[&dyn ToWire],
        data: &RawOutput<'_>,
    ) -> Pending<T>
    where
        T: FromValues + Send + 'static,
    {
        self.start_values(&Call::new(function, arguments).with(data), Want::of(T::COUNT)).0
    }
}
