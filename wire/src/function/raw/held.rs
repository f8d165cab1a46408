//! The input in the hands of a called function.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes, BytesMut};

use crate::codec::WrongType;
use crate::convert::FromWire;
use crate::function::raw::RawInput;
use crate::function::raw::error::RawError;
use crate::function::raw::loan::Loan;
use crate::handle::WireError;
use crate::session::{Inbound, Outside};

/// What the future of a called function owns while it may read.
///
/// The function itself sees a [`RawInput`], which borrows this, so that what is unread comes back
/// whatever the function does with it.
pub struct Held {
    loan: Arc<Loan>,
    /// The reader, from the first use on until the input is given back.
    reader: Option<Box<Inbound>>,
    /// What is unread, as far as the function was given it.
    octets: BytesMut,
    finished: bool,
}

impl Held {
    pub(crate) fn new(loan: Arc<Loan>) -> Self {
        Self { loan, reader: None, octets: BytesMut::new(), finished: false }
    }

    /// What the function is given.
    pub fn input(&mut self) -> RawInput<'_> {
        RawInput::new(self)
    }

    pub(super) fn loan(&self) -> &Loan {
        &self.loan
    }

    /// What is unread and there.
    pub(super) fn unread(&self) -> &[u8] {
        &self.octets
    }

    /// The reader, taken up at its first use.
    pub(super) fn reader(&mut self) -> Result<&mut Inbound, RawError> {
        if self.reader.is_none() && !self.finished {
            self.reader = self.loan.take_up(&mut self.octets);
        }
        self.reader.as_deref_mut().ok_or(RawError::Finished)
    }

    /// The same, between two objects.
    pub(super) fn between(&mut self) -> Result<&mut Inbound, RawError> {
        let reader = self.reader()?;
        if reader.is_within_object() { Err(RawError::WithinObject) } else { Ok(reader) }
    }

    /// The object that is unread, if all of it is there.
    pub(super) fn object<T: FromWire>(&mut self) -> Result<Option<T>, RawError> {
        self.reader()?;
        let Self { loan, reader, octets, .. } = self;
        let reader = reader.as_mut().ok_or(RawError::Finished)?;
        let imports = &loan.shared().imports;
        let outside = reader.outside(octets, imports).map_err(|broken| {
            loan.broken(WireError::Protocol(broken));
            RawError::Ended { item: "an object", why: WireError::Protocol(broken) }
        })?;
        let (used, object) = match outside {
            Outside::More(used) => (used, Ok(None)),
            Outside::Object(used, mut object) => {
                let read = T::from_wire(&mut object).map(Some);
                (used, read.map_err(RawError::WrongType))
            }
            Outside::Else(used, found) => {
                (used, Err(RawError::WrongType(WrongType::new(T::expected(), found))))
            }
            Outside::Refused(used, refusal) => (used, Err(RawError::Refused(refusal))),
        };
        octets.advance(used);
        imports.settle();
        object
    }

    /// Waits until so many octets are unread.
    pub(super) async fn fill(&mut self, count: usize, item: &'static str) -> Result<(), RawError> {
        self.between()?;
        while self.octets.len() < count {
            self.more(count).await.map_err(|why| RawError::Ended { item, why })?;
        }
        Ok(())
    }

    /// Waits once for so many octets, or for the end; with 0, asks whether there are any now.
    pub(super) fn more(&mut self, octets: usize) -> More<'_> {
        More { held: self, octets, asked: false }
    }

    /// Takes so many octets, which are there and between two objects.
    pub(super) fn take(&mut self, count: usize) -> Bytes {
        self.passed(count);
        self.octets.split_to(count).freeze()
    }

    /// The same for octets that were looked at.
    pub(super) fn skip(&mut self, count: usize) {
        self.passed(count);
        self.octets.advance(count);
    }

    fn passed(&mut self, count: usize) {
        if let Some(reader) = &mut self.reader {
            reader.pass(count);
        }
    }

    /// Gives the input back.
    pub(super) fn finish(&mut self) {
        if !self.finished {
            self.put_down();
            self.loan.give_back();
        }
    }

    pub(super) fn is_finished(&self) -> bool {
        self.finished
    }

    fn put_down(&mut self) {
        self.finished = true;
        self.loan.put_down(self.reader.take(), std::mem::take(&mut self.octets));
    }
}

/// Who answers the call says how it ended: see `Loan::give_back`.
impl Drop for Held {
    fn drop(&mut self) {
        if !self.finished {
            self.put_down();
        }
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Held").field(&self.loan).finish()
    }
}

/// Waits for octets. Dropped, it asks no more, and all that was read is still unread.
pub(super) struct More<'h> {
    held: &'h mut Held,
    octets: usize,
    asked: bool,
}

impl Future for More<'_> {
    type Output = Result<(), WireError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { held, octets, asked } = &mut *self;
        held.loan.poll_more(cx, *octets, &mut held.octets, asked)
    }
}

impl Drop for More<'_> {
    fn drop(&mut self) {
        if self.asked {
            self.held.loan.take_up(&mut self.held.octets);
        }
    }
}
