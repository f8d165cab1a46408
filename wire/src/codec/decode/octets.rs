//! Byte strings, and when they are parts of what was received.

use bytes::Bytes;

use crate::codec::decode::{Around, Decoder};
use crate::codec::error::WrongType;
use crate::codec::op::Op;

impl<'a> Decoder<'a> {
    /// The same cursor, of whose octets large byte strings need not be copied.
    pub(crate) fn within(self, whole: Option<&'a Bytes>) -> Self {
        match whole {
            Some(whole) => Self { around: Around::Shared(whole), ..self },
            None => self,
        }
    }

    /// Reads a byte string.
    ///
    /// # Errors
    /// Something else stands there.
    pub fn octets(&mut self) -> Result<&'a [u8], WrongType> {
        let (octets, rest) = self.counted(Op::Octets, "a byte string")?;
        self.input = rest;
        Ok(octets)
    }

    /// Reads a byte string for itself: a part of what was received, if it is at least half of that,
    /// so that nobody keeps much more than he asked for.
    pub(crate) fn shared_octets(&mut self) -> Result<Bytes, WrongType> {
        let octets = self.octets()?;
        let part = || {
            let Around::Shared(whole) = self.around else { return None };
            let at = octets.as_ptr().addr().checked_sub(whole.as_ptr().addr())?;
            let end = at.checked_add(octets.len())?;
            (end <= whole.len() && 2 * octets.len() >= whole.len()).then(|| whole.slice(at..end))
        };
        Ok(part().unwrap_or_else(|| Bytes::copy_from_slice(octets)))
    }
}
