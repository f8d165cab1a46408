//! Calls among the arguments of a call, and where they may stand.

use crate::codec::encode::{Encoder, Name};
use crate::codec::error::Unsendable;
use crate::codec::op::Reads;

/// Where the next call of the current top-level object would stand.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Calls {
    /// Where nothing is evaluated: the object is no call, or there is none yet.
    Nowhere,
    /// Among arguments, with every call before it still open.
    Within,
    /// Among arguments, behind a call that has ended: the peer runs that one while what follows it
    /// is still unread.
    AfterOne,
}

impl Encoder<'_> {
    /// Writes the head of a call in the place of an argument, or of an element of a list that is
    /// one; so many arguments follow. The peer evaluates it, and its value takes the place.
    ///
    /// ```
    /// use bytes::BytesMut;
    /// use wire::Unsendable;
    /// use wire::codec::{Encoder, Name, PeerProfile, SymbolSite};
    ///
    /// static ADD: SymbolSite = SymbolSite::new("ADD", "COMMON-LISP-USER");
    /// let (mut buf, peer) = (BytesMut::new(), PeerProfile::classic());
    /// let mut out = Encoder::new(&mut buf, None, &peer);
    /// out.funcall(Name::Site(&ADD), 2)?; // (ADD (ADD 1 2) 3)
    /// out.nested(Name::Site(&ADD), 2)?;
    /// out.integer(1)?;
    /// out.integer(2)?;
    /// let second = out.nested(Name::Site(&ADD), 2);
    /// assert_eq!(second, Err(Unsendable::LeftoverCall));
    /// out.integer(3)?;
    /// out.finish()?;
    /// assert_eq!(out.nested(Name::Site(&ADD), 2), Err(Unsendable::CallElsewhere));
    /// # Ok::<(), Unsendable>(())
    /// ```
    ///
    /// # Errors
    /// It stands elsewhere; or behind another one, and the peer is of the classic dialect
    /// ([`Unsendable::LeftoverCall`]); or as for [`funcall`](Self::funcall).
    pub fn nested(&mut self, name: Name<'_>, argc: usize) -> Result<(), Unsendable> {
        if self.weight == 0 {
            return Err(Unsendable::CallElsewhere);
        }
        self.funcall(name, argc)
    }

    /// Writes the head of an answer in CMUCL's form; so many arguments follow, and no calls are
    /// among them.
    pub(crate) fn answer(&mut self, name: Name<'_>, argc: usize) -> Result<(), Unsendable> {
        self.funcall(name, argc)?;
        self.calls = Calls::Nowhere;
        Ok(())
    }

    /// Lets several calls stand among the arguments of one also where the peer, if it unwinds in
    /// the first, runs the rest as calls of their own: see
    /// [`Wire::allow_leftover_calls`](crate::Wire::allow_leftover_calls).
    pub fn allow_leftover_calls(&mut self) {
        self.leftovers_allowed = true;
    }

    /// Whether a call may begin here.
    pub(super) fn begin_call(&mut self) -> Result<(), Unsendable> {
        if self.weight == 0 {
            return self.begin_top_call();
        }
        // Who reads more than CMUCL's ops is not an unmodified CMUCL.
        let leftover = self.peer.reads == Reads::CLASSIC && !self.leftovers_allowed;
        match self.calls {
            Calls::Nowhere => Err(Unsendable::CallElsewhere),
            Calls::AfterOne if leftover => Err(Unsendable::LeftoverCall),
            Calls::Within | Calls::AfterOne => Ok(()),
        }
    }

    /// Whether a call may begin here that is an object of its own.
    pub(super) fn begin_top_call(&mut self) -> Result<(), Unsendable> {
        if self.weight > 0 {
            return Err(Unsendable::CallElsewhere);
        }
        self.calls = Calls::Within;
        Ok(())
    }
}
