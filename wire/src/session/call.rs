//! One call of ours, to be written.

use std::fmt;

use crate::codec::{Encoder, Name, Unsendable};
use crate::convert::ToWire;
use crate::session::raw_output::RawOutput;

/// A call to be made by the peer: a function's name, and arguments that are already evaluated.
///
/// It is itself an argument that can be sent. The peer calls the function in the argument's place,
/// and its value, of several the first, becomes the argument: `f(g(x))` in one round trip. In the
/// call macros an `@` writes one ([`remote_value!`](crate::remote_value)); code with computed names
/// makes it here, for [`Wire::notify`](crate::Wire::notify), [`Wire::call`](crate::Wire::call) and
/// [`Wire::call_values`](crate::Wire::call_values).
///
/// Calls nest as deep as the peer's [`Limits::depth`](crate::Limits::depth), and may stand in a
/// list or a struct that is an argument. The innermost and leftmost is called first. An unwinding
/// in any of them unwinds the whole, and nothing after it is called.
///
/// # Errors
/// In a value that a function returns, nothing is evaluated: such a call cannot be sent
/// ([`Unsendable::CallElsewhere`]). To a peer of the classic dialect, neither can a second call
/// among the arguments of one, unless the handle was made by
/// [`Wire::allow_leftover_calls`](crate::Wire::allow_leftover_calls).
///
/// # Origin
/// CMUCL evaluates a call wherever it reads one; its `remote` macros have no way to send such.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use wire::{Call, Symbol, Wire, functions, remote_fn};
///
/// #[remote_fn]
/// fn add(a: i64, b: i64) -> i64 {
///     a + b
/// }
///
/// let (here, _there) = Wire::pair(functions![], functions![add])?;
/// let add = Symbol::read("add")?;
/// let sum = here.call::<i64>(&add, &[&Call::new(&add, &[&1, &2]), &3]); // (ADD (ADD 1 2) 3)
/// assert_eq!(sum.value().await?, 6);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy)]
pub struct Call<'a> {
    pub(crate) name: Name<'a>,
    pub(crate) arguments: &'a [&'a dyn ToWire],
    /// What follows the call untagged.
    pub(crate) data: Option<&'a RawOutput<'a>>,
}

/// Whether calls may stand among arguments that a classic peer, when it unwinds, runs as calls of
/// their own.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum LeftoverCalls {
    #[default]
    Refused,
    Allowed,
}

/// What is being written: which of the calls that go out together, and which part of it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    pub(crate) call: usize,
    pub(crate) argument: Option<usize>,
}

impl<'a> Call<'a> {
    /// A call of `function`, which is the name of a [`Symbol`](crate::Symbol).
    pub fn new(function: impl Into<Name<'a>>, arguments: &'a [&'a dyn ToWire]) -> Self {
        Self { name: function.into(), arguments, data: None }
    }

    /// The same call with untagged data behind it.
    #[doc(hidden)]
    #[must_use]
    pub fn with(mut self, data: &'a RawOutput<'_>) -> Self {
        self.data = Some(data);
        self
    }

    /// Writes the arguments, and keeps note of the one it is at.
    pub(super) fn write_arguments(
        &self,
        out: &mut Encoder<'_>,
        place: &mut Place,
    ) -> Result<(), Unsendable> {
        self.arguments.iter().enumerate().try_for_each(|(index, argument)| {
            place.argument = Some(index);
            argument.to_wire(out)
        })
    }

    /// Writes what follows the call untagged, and says how many octets it is.
    pub(super) fn write_data(
        &self,
        out: &mut Encoder<'_>,
        place: &mut Place,
    ) -> Result<usize, Unsendable> {
        let Some(data) = self.data else { return Ok(0) };
        place.argument = None;
        // The call must be whole before anything can follow it.
        out.finish()?;
        let start = out.position();
        data.write(out)?;
        Ok(out.position() - start)
    }
}

/// In the place of an argument, where the peer evaluates it.
impl ToWire for Call<'_> {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        if self.data.is_some() {
            return Err(Unsendable::said("untagged data can follow a whole call only"));
        }
        out.nested(self.name, self.arguments.len())?;
        let mut place = Place::default();
        self.write_arguments(out, &mut place).map_err(|error| Unsendable::Argument {
            function: self.name.label(),
            argument: place.argument.unwrap_or_default(),
            error: Box::new(error),
        })
    }
}

impl LeftoverCalls {
    pub(super) fn set(self, out: &mut Encoder<'_>) {
        if self == Self::Allowed {
            out.allow_leftover_calls();
        }
    }
}

impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("name", &self.name).finish_non_exhaustive()
    }
}
