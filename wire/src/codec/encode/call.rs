//! Calls and the other objects of the top level.

use crate::codec::encode::symbol::symbol_weight;
use crate::codec::encode::{Encoder, Frame, Name};
use crate::codec::error::Unsendable;
use crate::codec::op::Op;

/// What a [`call`](Encoder::call) wants when it wants all values.
pub const ALL_VALUES: u8 = 6;

impl Encoder<'_> {
    /// Writes the head of a call in CMUCL's form; so many arguments follow. Among the arguments of
    /// a call it is a [nested](Self::nested) one.
    ///
    /// # Errors
    /// More than 255 arguments, or the object becomes too large, or too deep.
    pub fn funcall(&mut self, name: Name<'_>, argc: usize) -> Result<(), Unsendable> {
        self.begin_call()?;
        let argc = count(argc)?;
        let op = Op::funcall(argc);
        self.begin(Frame::Call(u32::from(argc) + 1))?;
        self.buf.extend_from_slice(&[op.byte()]);
        if op == Op::Funcall {
            self.buf.extend_from_slice(&[argc]);
        }
        self.name(name)
    }

    /// Writes the head of a compact call; so many arguments follow. `want` is how many values are
    /// wanted, 0 for none, and [`ALL_VALUES`] for all; `id` is what the answer will name, if any
    /// is wanted.
    ///
    /// # Errors
    /// More than 255 arguments, the peer reads no such call, or the object becomes too large.
    pub fn call(
        &mut self,
        want: u8,
        id: u32,
        name: Name<'_>,
        argc: usize,
    ) -> Result<(), Unsendable> {
        debug_assert!(want <= ALL_VALUES);
        self.need(Op::Call, "a compact call", "send a funcall")?;
        self.begin_top_call()?;
        let argc = count(argc)?;
        let index = match name {
            Name::Site(site) => self.index(site).map(|index| (index, self.site_weight(site))),
            Name::Dynamic { name, package } => self.index_of(name, package),
        };
        // Index u32::MAX has no place in the number that stands for it.
        let index = index.filter(|&(index, _)| index < u32::MAX);
        match index {
            Some((_, weight)) => {
                self.charge_node(weight as usize)?;
                if argc > 0 {
                    self.check_depth(1)?;
                    self.open(Frame::Call(argc.into()));
                }
            }
            None => self.begin(Frame::Call(u32::from(argc) + 1))?,
        }
        self.buf.extend_from_slice(&[Op::Call.byte(), want]);
        if want > 0 {
            self.varint(id);
        }
        self.varint(index.map_or(0, |(index, _)| index + 1));
        self.buf.extend_from_slice(&[argc]);
        match index {
            Some(_) if argc == 0 => self.complete(),
            Some(_) => {}
            None => self.name(name)?,
        }
        Ok(())
    }

    /// Writes the head of an answer; so many values follow.
    ///
    /// # Errors
    /// More than 255 values, or the peer reads no such answer.
    pub fn return_(&mut self, id: u32, n: usize) -> Result<(), Unsendable> {
        self.need(Op::Return, "a compact answer", "send a funcall")?;
        let n = count(n)?;
        if n == 0 {
            self.charge_node(0)?;
        } else {
            self.begin(Frame::Owed(n.into()))?;
        }
        self.buf.extend_from_slice(&[Op::Return.byte()]);
        self.varint(id);
        self.buf.extend_from_slice(&[n]);
        if n == 0 {
            self.complete();
        }
        Ok(())
    }

    /// Writes the head of an unwinding; its reason, a property list, follows.
    ///
    /// # Errors
    /// The peer reads no such answer.
    pub fn unwound(&mut self, id: u32) -> Result<(), Unsendable> {
        self.need(Op::Unwound, "an unwinding's reason", "send a funcall")?;
        self.begin(Frame::Owed(1))?;
        self.buf.extend_from_slice(&[Op::Unwound.byte()]);
        self.varint(id);
        Ok(())
    }

    /// Gives back an object of the peer's that was received `count` times.
    ///
    /// # Errors
    /// The peer reads no releases.
    pub fn release(&mut self, object: u32, count: u32) -> Result<(), Unsendable> {
        self.need(Op::Release, "a release", "send nothing")?;
        self.charge_node(0)?;
        self.buf.extend_from_slice(&[Op::Release.byte()]);
        self.buf.extend_from_slice(&object.to_be_bytes());
        self.varint(count);
        self.complete();
        Ok(())
    }

    /// Wants a call's values no more.
    ///
    /// # Errors
    /// The peer reads no cancels.
    pub fn cancel(&mut self, id: u32) -> Result<(), Unsendable> {
        self.need(Op::Cancel, "a cancel", "send nothing")?;
        self.charge_node(0)?;
        self.buf.extend_from_slice(&[Op::Cancel.byte()]);
        self.varint(id);
        self.complete();
        Ok(())
    }

    /// Asks for a sign of life.
    ///
    /// # Errors
    /// The peer reads no pings.
    pub fn ping(&mut self, cookie: u32) -> Result<(), Unsendable> {
        self.need(Op::Ping, "a ping", "send a number, which has no effect")?;
        self.atom(Op::Ping, &cookie.to_be_bytes())
    }

    /// Answers a ping.
    ///
    /// # Errors
    /// The peer reads no pongs.
    pub fn pong(&mut self, cookie: u32) -> Result<(), Unsendable> {
        self.need(Op::Pong, "a pong", "send nothing")?;
        self.atom(Op::Pong, &cookie.to_be_bytes())
    }

    /// Says that nothing follows, and why.
    ///
    /// # Errors
    /// The peer reads no goodbyes.
    pub fn goodbye(&mut self, reason: &str) -> Result<(), Unsendable> {
        self.need(Op::Goodbye, "a goodbye", "end the stream")?;
        self.begin(Frame::Owed(1))?;
        self.buf.extend_from_slice(&[Op::Goodbye.byte()]);
        self.string(reason)
    }

    /// The index and the weight of a computed symbol, if it was sent.
    fn index_of(&mut self, name: &str, package: &str) -> Option<(u32, u64)> {
        let text = self.peer.text;
        let (name, package) = (text.encode(name).ok()?, text.encode(package).ok()?);
        let index = self.sent.as_mut()?.symbol(&name, &package)?;
        Some((index, symbol_weight(&name, &package)))
    }
}

fn count(count: usize) -> Result<u8, Unsendable> {
    u8::try_from(count).map_err(|_| Unsendable::TooMany { count })
}
