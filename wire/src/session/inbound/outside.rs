//! Objects outside of calls, for a function that reads what follows its call.

use crate::codec::{Decoder, Head, ProtocolError, Refusal, Scan, Text};
use crate::session::inbound::{Imports, Inbound, With};

/// What stands where a function looks for an object.
#[derive(Debug)]
pub(crate) enum Outside<'a> {
    /// Not all of one. So many octets at the front were used up.
    More(usize),
    /// One of so many octets.
    Object(usize, Decoder<'a>),
    /// Something of so many octets that is none, in words: a call or a message of the protocol.
    Else(usize, &'static str),
    /// One that was refused. So many octets at the front were used up.
    Refused(usize, Refusal),
}

impl Inbound {
    /// What stands at the front of `input`, in which everything outside of calls has its meaning: what
    /// it saves is saved.
    pub(crate) fn outside<'a>(
        &'a mut self,
        input: &'a [u8],
        imports: &'a dyn Imports,
    ) -> Result<Outside<'a>, ProtocolError> {
        Ok(match self.scanner.scan(input, &mut self.received)? {
            Scan::More { discard } => Outside::More(discard),
            Scan::Refused { discard, refusal, .. } => Outside::Refused(discard, refusal),
            Scan::Object { len, calls, tokens, saved_tokens, .. } => {
                let object = &input[..len];
                let with = With { received: &self.received, text: self.text, imports, whole: None };
                if tokens > 0 || saved_tokens > 0 {
                    with.decoder(object).each_token(|token| imports.count(token, saved_tokens > 0));
                }
                match Head::read(object, with.received) {
                    Head::Object(_) if calls == 0 => Outside::Object(len, with.decoder(object)),
                    Head::Object(_) => Outside::Else(len, "a call in an object"),
                    Head::Funcall { .. } | Head::Call { .. } => Outside::Else(len, "a call"),
                    _ => Outside::Else(len, "a message of the protocol"),
                }
            }
        })
    }

    /// So many octets, which were not within an object, were read by a function.
    pub(crate) fn pass(&mut self, octets: usize) {
        self.scanner.pass_untagged(octets);
    }

    /// What the octets of strings stand for.
    pub(crate) fn text(&self) -> Text {
        self.text
    }

    /// The most that one object, or what has a length outside of objects, may weigh.
    pub(crate) fn weight_limit(&self) -> u64 {
        self.weight_limit
    }
}
