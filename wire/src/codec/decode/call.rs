//! Calls that stand among the arguments of calls.

use crate::codec::decode::{Decoder, Kind};
use crate::codec::error::WrongType;
use crate::codec::head::{FunctionRef, Head};

/// The head of a call: its arguments follow.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct CallHeader<'a> {
    /// What is called.
    pub function: FunctionRef<'a>,
    /// How many arguments follow.
    pub argc: u8,
}

impl<'a> Decoder<'a> {
    /// Whether a call stands next.
    #[inline]
    pub fn is_call(&self) -> bool {
        // Beyond a save or a lookup there may be one too: then the slow way.
        match self.input {
            [0..=6 | 22, ..] => true,
            [10, ..] => self.kind() == Kind::Call,
            _ => false,
        }
    }

    /// Reads the head of a call; its arguments are read next.
    ///
    /// # Errors
    /// Something else stands there.
    pub fn call_head(&mut self) -> Result<CallHeader<'a>, WrongType> {
        if !self.is_call() {
            return Err(self.wrong("a call"));
        }
        match Head::read(self.here().object, self.received) {
            Head::Funcall { function, argc, args } | Head::Call { function, argc, args, .. } => {
                self.input = args;
                Ok(CallHeader { function, argc })
            }
            _ => Err(self.wrong("a call")),
        }
    }
}
