//! Reading what stands elsewhere, or side by side.

use crate::codec::decode::Decoder;
use crate::codec::header::{Body, Header, element_size};
use crate::codec::op::Op;

impl<'a> Decoder<'a> {
    /// A cursor over other octets of the same wire.
    pub(crate) fn over<'b>(&self, input: &'b [u8]) -> Decoder<'b>
    where
        'a: 'b,
    {
        Decoder::new(input, self.received, self.text, self.tokens)
    }

    /// Reads a list or vector that is packed numbers of this kind, as octets; `None` if anything
    /// else stands here.
    pub(crate) fn packed_numbers(&mut self, element: u8) -> Option<&'a [u8]> {
        debug_assert!(element_size(element).is_some());
        let here = self.objects()?;
        let Ok(Header { op: Op::Sequence, len, body: Body::Octets(octets) }) =
            Header::read(here.object)
        else {
            return None;
        };
        if here.object[1] & 0x7f != element {
            return None;
        }
        let rest = here.object.get(len..)?;
        let (octets, rest) = rest.split_at_checked(usize::try_from(octets).ok()?)?;
        self.input = here.after.unwrap_or(rest);
        Some(octets)
    }
}
