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
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use wire::{RawError, RawInput, RawOutput, Symbol, Wire, functions, remote_fn};
    ///
    /// #[remote_fn(raw)]
    /// async fn ends(input: &mut RawInput<'_>, count: u8) -> Result<(i32, i32), RawError> {
    ///     let first = input.number().await?;
    ///     let mut last = first;
    ///     for _ in 1..count {
    ///         last = input.number().await?;
    ///     }
    ///     Ok((first, last))
    /// }
    ///
    /// let (here, _there) = Wire::pair(functions![], functions![ends])?;
    /// let (ends, mut data) = (Symbol::read("ends")?, RawOutput::new());
    /// data.number(1).number(2).number(3);
    /// here.notify_with(&ends, &[&3], &data)?;
    /// here.sync().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn notify_with(
        &self,
        function: &Symbol,
        arguments: &[&dyn ToWire],
        data: &RawOutput<'_>,
    ) -> Result<(), CallError> {
        self.notify_all(&[Call::new(function, arguments).with(data)])
    }

    /// As [`call`](Self::call), with untagged data behind the call, for a function that reads such.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use wire::{RawError, RawInput, RawOutput, Symbol, Wire, functions, remote_fn};
    ///
    /// #[remote_fn(raw)]
    /// async fn ends(input: &mut RawInput<'_>, count: u8) -> Result<(i32, i32), RawError> {
    ///     let first = input.number().await?;
    ///     let mut last = first;
    ///     for _ in 1..count {
    ///         last = input.number().await?;
    ///     }
    ///     Ok((first, last))
    /// }
    ///
    /// let (here, _there) = Wire::pair(functions![], functions![ends])?;
    /// let (ends, mut data) = (Symbol::read("ends")?, RawOutput::new());
    /// data.number(1).number(2).number(3);
    /// assert_eq!(here.call_with::<i32>(&ends, &[&3], &data).value().await?, 1);
    /// # Ok(())
    /// # }
    /// ```
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
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use wire::{RawError, RawInput, RawOutput, Symbol, Wire, functions, remote_fn};
    ///
    /// #[remote_fn(raw)]
    /// async fn ends(input: &mut RawInput<'_>, count: u8) -> Result<(i32, i32), RawError> {
    ///     let first = input.number().await?;
    ///     let mut last = first;
    ///     for _ in 1..count {
    ///         last = input.number().await?;
    ///     }
    ///     Ok((first, last))
    /// }
    ///
    /// let (here, _there) = Wire::pair(functions![], functions![ends])?;
    /// let (ends, mut data) = (Symbol::read("ends")?, RawOutput::new());
    /// data.number(1).number(2).number(3);
    /// let both = here.call_values_with::<(i32, i32)>(&ends, &[&3], &data);
    /// assert_eq!(both.value().await?, (1, 3));
    /// # Ok(())
    /// # }
    /// ```
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
