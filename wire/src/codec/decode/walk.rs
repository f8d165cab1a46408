//! Passing over objects, and copying them.

use crate::codec::decode::{Decoder, OBJECTS};
use crate::codec::error::WrongType;
use crate::codec::header::{Body, Header, element_size};
use crate::codec::op::Op;
use crate::codec::text::{Text, bare_string};
use crate::object::Remote;
use crate::token::Token;

impl<'a> Decoder<'a> {
    /// Passes over one object.
    ///
    /// # Errors
    /// It is cut short.
    pub fn skip(&mut self) -> Result<(), WrongType> {
        self.raw().map(|_| ())
    }

    /// One object as it stands, saves and lookups included.
    ///
    /// # Errors
    /// It is cut short, or a packed number stands there, which is no object.
    pub fn raw(&mut self) -> Result<&'a [u8], WrongType> {
        if self.element != OBJECTS {
            return self.skip_packed();
        }
        let Some(len) = self.object_len() else {
            return Err(WrongType::new("an object", "a truncated object"));
        };
        let (object, rest) = self.input.split_at(len);
        self.input = rest;
        Ok(object)
    }

    /// Copies one op for whoever takes an object apart: an atom, or what a lookup stands for, whole;
    /// of anything else its head, and says how many parts follow. Saves are stepped over, and text
    /// becomes UTF-8.
    pub(crate) fn copy_op(&mut self, out: &mut Vec<u8>) -> Result<u64, WrongType> {
        let truncated = || WrongType::new("an object", "a truncated object");
        loop {
            let Header { len, body, .. } = Header::read(self.input).map_err(|_| truncated())?;
            match body {
                Body::Save(_) => self.input = &self.input[len..],
                Body::Lookup(_) => return self.expand_as(Text::Utf8, out).map(|()| 0),
                _ => break,
            }
        }
        let (len, parts) = extent(self.input).ok_or_else(truncated)?;
        let (op, rest) = self.input.split_at(len);
        self.copy(op, Text::Utf8, out).ok_or_else(truncated)?;
        self.input = rest;
        Ok(parts)
    }

    /// Every token in the rest of the input, as it stands: not those in what lookups stand for.
    pub(crate) fn each_token(&self, mut found: impl FnMut(Token)) {
        let mut input = self.input;
        while let Some((len, _)) = extent(input) {
            if input[0] == Op::Remote.byte() {
                let token = Decoder { input, ..self.clone() }.token();
                let _ = token.map(&mut found);
            }
            input = &input[len..];
        }
    }

    /// Handles of every remote object in the rest of the input, for whoever keeps its octets.
    pub(crate) fn remotes(&self) -> Vec<Remote> {
        let mut objects = Vec::new();
        self.each_token(|token| objects.push(self.tokens.received(token)));
        objects
    }

    /// How many octets the next object has.
    fn object_len(&self) -> Option<usize> {
        let mut at = 0;
        let mut owed = 1_u64;
        while owed > 0 {
            let (len, parts) = extent(self.input.get(at..)?)?;
            at += len;
            owed = owed - 1 + parts;
        }
        Some(at)
    }

    fn skip_packed(&mut self) -> Result<&'a [u8], WrongType> {
        let size = element_size(self.element).unwrap_or(0) as usize;
        let Some((number, rest)) = self.input.split_at_checked(size) else {
            return Err(self.wrong("a number"));
        };
        self.input = rest;
        Ok(number)
    }

    /// How many packed numbers are left.
    pub(super) fn packed_len(&self) -> usize {
        self.input.len() / element_size(self.element).unwrap_or(1).max(1) as usize
    }

    /// Copies one object so that it stands for itself: with what its lookups stand for, and
    /// without saves. For what is kept longer than the bytes are, or sent on.
    ///
    /// Not larger than the weight that the scanner reported.
    ///
    /// # Errors
    /// It is cut short; `out` then holds a part of it.
    pub fn expand(&mut self, out: &mut Vec<u8>) -> Result<(), WrongType> {
        self.expand_as(self.text, out)
    }

    /// As [`expand`](Self::expand), with what is text in another encoding of it.
    pub(crate) fn expand_as(&mut self, text: Text, out: &mut Vec<u8>) -> Result<(), WrongType> {
        let object = self.raw()?;
        // What is being copied, and what to go on with after a lookup.
        let mut input = object;
        let mut outer = Vec::new();
        loop {
            let Some(rest) = self.expand_one(input, text, out) else {
                return Err(WrongType::new("an object", "a truncated object"));
            };
            input = match rest {
                Rest::After(rest) => rest,
                Rest::Within { entry, rest } => {
                    // An entry that ends what is being copied leaves nothing to go back to.
                    if !rest.is_empty() {
                        outer.push(rest);
                    }
                    entry
                }
            };
            while input.is_empty() {
                match outer.pop() {
                    Some(rest) => input = rest,
                    None => return Ok(()),
                }
            }
        }
    }

    /// Copies one header and its octets.
    fn expand_one(&self, input: &'a [u8], text: Text, out: &mut Vec<u8>) -> Option<Rest<'a>> {
        let Header { len, body, .. } = Header::read(input).ok()?;
        match body {
            Body::Save(_) => Some(Rest::After(&input[len..])),
            Body::Lookup(index) => {
                let entry = &self.received.kept(index)?.octets;
                Some(Rest::Within { entry, rest: &input[len..] })
            }
            // Top level only, so never kept: copied as it stands.
            _ => {
                let (len, _) = extent(input)?;
                let (object, rest) = input.split_at_checked(len)?;
                self.copy(object, text, out)?;
                Some(Rest::After(rest))
            }
        }
    }

    /// Copies an op with its octets, the text in it as `text`.
    fn copy(&self, object: &[u8], text: Text, out: &mut Vec<u8>) -> Option<()> {
        let (op, mut strings) = match object {
            [op, strings @ ..] if text != self.text && is_text(*op) => (*op, strings),
            _ => {
                out.extend_from_slice(object);
                return Some(());
            }
        };
        out.push(op);
        while let Some((octets, rest)) = bare_string(strings) {
            let read = self.text.decode(octets)?;
            let written = text.encode(&read).ok()?;
            out.extend_from_slice(&u32::try_from(written.len()).ok()?.to_be_bytes());
            out.extend_from_slice(&written);
            strings = rest;
        }
        Some(())
    }
}

/// Whether an op is followed by bare strings and nothing else.
fn is_text(op: u8) -> bool {
    op == Op::String.byte() || op == Op::Symbol.byte()
}

enum Rest<'a> {
    After(&'a [u8]),
    Within { entry: &'a [u8], rest: &'a [u8] },
}

/// The octets of an object without its parts, and how many parts follow.
#[inline]
fn extent(input: &[u8]) -> Option<(usize, u64)> {
    let Header { len, body, .. } = Header::read(input).ok()?;
    let (octets, parts) = match body {
        Body::Octets(octets) => (octets, 0),
        Body::Symbol { name } => {
            let (_, rest) = input[len..].split_at_checked(name as usize)?;
            let package = u32::from_be_bytes(*rest.first_chunk()?);
            (u64::from(name) + 4 + u64::from(package), 0)
        }
        Body::Objects(count) => (0, count.into()),
        Body::Cons => (0, 2),
        Body::Function { argc } | Body::Call { function: 0, argc, .. } => (0, u64::from(argc) + 1),
        Body::Call { argc, .. } => (0, argc.into()),
        Body::Save(_) => (0, 1),
        Body::Lookup(_) => (0, 0),
    };
    let len = len.checked_add(usize::try_from(octets).ok()?)?;
    (len <= input.len()).then_some((len, parts))
}
