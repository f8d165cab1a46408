//! Strings, byte strings, floats and remote objects.

use bytes::Bytes;

use crate::codec::encode::Encoder;
use crate::codec::error::Unsendable;
use crate::codec::op::Op;
use crate::codec::pieces::LARGE;
use crate::codec::text::Text;
use crate::object::Remote;
use crate::spare;
use crate::token::Token;

impl Encoder<'_> {
    /// Writes a string.
    ///
    /// # Errors
    /// It is too large, or has a character that the peer cannot read.
    #[inline]
    pub fn string(&mut self, text: &str) -> Result<(), Unsendable> {
        match self.peer.text {
            Text::Utf8 => self.counted(Op::String, text.as_bytes()),
            Text::Latin1 => self.recoded_string(text),
        }
    }

    fn recoded_string(&mut self, text: &str) -> Result<(), Unsendable> {
        let octets =
            self.peer.text.encode(text).map_err(|character| Unsendable::Character { character })?;
        self.counted(Op::String, &octets)
    }

    /// Writes a byte string.
    ///
    /// # Errors
    /// It is too large, or the peer reads none.
    pub fn octets(&mut self, octets: &[u8]) -> Result<(), Unsendable> {
        self.need(Op::Octets, "a byte string", "send a list of integers")?;
        self.counted(Op::Octets, octets)
    }

    /// Writes a byte string, which is not copied if it is large and this goes out over a wire.
    pub(crate) fn shared_octets(&mut self, octets: &Bytes) -> Result<(), Unsendable> {
        if octets.len() < LARGE || self.apart.is_none() {
            return self.octets(octets);
        }
        self.need(Op::Octets, "a byte string", "send a list of integers")?;
        self.charge_node(octets.len())?;
        let length = length(octets.len())?;
        self.buf.extend_from_slice(&[Op::Octets.byte()]);
        self.buf.extend_from_slice(&length.to_be_bytes());
        let at = self.buf.len();
        if let Some(apart) = &mut self.apart {
            apart.push(at, octets.clone());
        }
        self.complete();
        Ok(())
    }

    /// Writes a float of 64 bits.
    ///
    /// # Errors
    /// The peer reads none.
    #[inline]
    pub fn double(&mut self, float: f64) -> Result<(), Unsendable> {
        self.need(Op::Double, "a double-float", "send an integer, or the float as a string")?;
        self.atom(Op::Double, &float.to_be_bytes())
    }

    /// Writes a float of 32 bits.
    ///
    /// # Errors
    /// The peer reads none.
    #[inline]
    pub fn single(&mut self, float: f32) -> Result<(), Unsendable> {
        self.need(Op::Single, "a single-float", "send an integer, or the float as a string")?;
        self.atom(Op::Single, &float.to_be_bytes())
    }

    /// Writes a remote object.
    ///
    /// # Errors
    /// The object around it becomes too large.
    pub fn remote<T>(&mut self, remote: &Remote<T>) -> Result<(), Unsendable> {
        if remote.is_local() && !remote.is_denied() {
            self.tokens_sent.push(remote.token());
        }
        if let Some(handles) = &mut self.handles {
            handles.push(remote.untyped());
        }
        self.remote_name(remote.token())
    }

    /// Writes a remote object by its name.
    ///
    /// # Errors
    /// The object around it becomes too large.
    pub fn token(&mut self, token: Token) -> Result<(), Unsendable> {
        if token.is_local() {
            self.tokens_sent.push(token);
        }
        self.remote_name(token)
    }

    fn remote_name(&mut self, token: Token) -> Result<(), Unsendable> {
        let mut octets = [0; 12];
        octets[..4].copy_from_slice(&token.host().to_be_bytes());
        octets[4..8].copy_from_slice(&token.process().to_be_bytes());
        octets[8..].copy_from_slice(&token.id().to_be_bytes());
        self.atom(Op::Remote, &octets)
    }

    /// An op and octets of fixed length.
    #[inline]
    pub(super) fn atom<const N: usize>(
        &mut self,
        op: Op,
        octets: &[u8; N],
    ) -> Result<(), Unsendable> {
        self.charge_node(0)?;
        // One look at the room that there is, for both.
        let mut all = [0; 16];
        all[0] = op.byte();
        all[1..=N].copy_from_slice(octets);
        self.buf.extend_from_slice(&all[..=N]);
        self.complete();
        Ok(())
    }

    /// An op, a length and so many octets.
    fn counted(&mut self, op: Op, octets: &[u8]) -> Result<(), Unsendable> {
        self.charge_node(octets.len())?;
        let length = length(octets.len())?.to_be_bytes();
        spare::reserve(self.buf, 5 + octets.len());
        self.buf.extend_from_slice(&[op.byte(), length[0], length[1], length[2], length[3]]);
        self.buf.extend_from_slice(octets);
        self.complete();
        Ok(())
    }

    /// Fails if the peer does not read this op.
    #[inline]
    pub(super) fn need(
        &self,
        op: Op,
        type_name: &'static str,
        remedy: &'static str,
    ) -> Result<(), Unsendable> {
        if self.reads(op) { Ok(()) } else { Err(unread(type_name, remedy)) }
    }
}

#[cold]
fn unread(type_name: &'static str, remedy: &'static str) -> Unsendable {
    Unsendable::Dialect { type_name, remedy }
}

/// A length, which the peer reads as signed.
#[inline]
pub(super) fn length(length: usize) -> Result<u32, Unsendable> {
    const MOST: u32 = i32::MAX as u32;
    match u32::try_from(length) {
        Ok(length @ ..=MOST) => Ok(length),
        _ => Err(Unsendable::TooLarge { weight: length as u64, limit: MOST.into() }),
    }
}
