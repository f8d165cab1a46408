//! One call of ours, to be written.

use std::fmt;

use crate::codec::{Encoder, Name, Unsendable};
use crate::convert::ToWire;

/// One call to write: a name, and arguments that are already evaluated.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    pub(crate) name: Name<'a>,
    pub(crate) arguments: &'a [&'a dyn ToWire],
}

impl<'a> Call<'a> {
    /// A call of `name`.
    pub fn new(name: Name<'a>, arguments: &'a [&'a dyn ToWire]) -> Self {
        Self { name, arguments }
    }

    /// Writes the arguments, and keeps note of the one it is at.
    pub(super) fn write_arguments(
        &self,
        out: &mut Encoder<'_>,
        at: &mut Option<usize>,
    ) -> Result<(), Unsendable> {
        self.arguments.iter().enumerate().try_for_each(|(index, argument)| {
            *at = Some(index);
            argument.to_wire(out)
        })
    }
}

impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("name", &self.name).finish_non_exhaustive()
    }
}
