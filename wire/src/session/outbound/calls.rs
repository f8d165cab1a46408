//! Calls of ours.

use crate::codec::{Encoder, Name, SmallCall, Unsendable};
use crate::session::answer::Want;
use crate::session::builtin;
use crate::session::call::{Call, LeftoverCalls, Place};
use crate::session::error::SendError;
use crate::session::outbound::Outbound;
use crate::token::Token;

impl<W> Outbound<W> {
    /// Appends calls that want no answer: all of them, or none.
    pub(crate) fn notify(
        &mut self,
        calls: &[Call<'_>],
        leftovers: LeftoverCalls,
    ) -> Result<(), SendError> {
        self.check_room()?;
        let compact = self.extended();
        self.draft(|out, place| {
            leftovers.set(out);
            calls.iter().enumerate().try_for_each(|(index, call)| {
                *place = Place { call: index, argument: None };
                if compact {
                    out.call(0, 0, call.name, call.arguments.len())?;
                } else {
                    out.funcall(call.name, call.arguments.len())?;
                }
                call.write_arguments(out, place)?;
                call.write_data(out, place).map(drop)
            })
        })?;
        self.calls += calls.len() as u64;
        Ok(())
    }

    /// The same for small ones, and says whether all are: if not, nothing was appended, and
    /// [`notify`](Self::notify) does it. No code of users runs.
    #[inline]
    pub(crate) fn notify_small(&mut self, calls: &[Call<'_>]) -> bool {
        let start = self.buffer.buffer.len();
        let small = self.check_room().is_ok() && calls.iter().all(|call| self.small(call, 0, 0));
        if small {
            self.calls += calls.len() as u64;
            self.has_grown(self.buffer.buffer.len() - start);
        } else {
            self.buffer.buffer.truncate(start);
        }
        small
    }

    /// Appends a call that wants values, and files what its caller leaves.
    pub(crate) fn call(
        &mut self,
        call: &Call<'_>,
        want: Want,
        leftovers: LeftoverCalls,
        waiter: W,
    ) -> Result<u32, SendError> {
        let count = call.arguments.len();
        let compact = self.extended();
        self.wait(waiter, |this, id| {
            let start = this.buffer.buffer.len();
            if this.small(call, want.code(), id) {
                this.has_grown(this.buffer.buffer.len() - start);
                return Ok(0);
            }
            this.buffer.buffer.truncate(start);
            this.draft(|out, place| {
                leftovers.set(out);
                if compact {
                    out.call(want.code(), id, call.name, count)?;
                } else {
                    ask(out, id, want)?;
                    out.funcall(call.name, count)?;
                }
                call.write_arguments(out, place)?;
                call.write_data(out, place)
            })
        })
    }

    /// Appends a request for the value of the number 0, which the peer answers when it has started
    /// all before.
    pub(crate) fn sync(&mut self, waiter: W) -> Result<u32, SendError> {
        self.wait(waiter, |this, id| {
            this.draft(|out, _| {
                ask(out, id, Want::Values(1))?;
                out.integer(0)?;
                Ok(0)
            })
        })
    }

    /// Appends a request like that of [`sync`](Self::sync), whose answer nobody waits for.
    pub(crate) fn probe(&mut self) -> Result<(), SendError> {
        let id = self.waits.draw_unfiled();
        self.protocol(&|out| {
            ask(out, id, Want::Values(1))?;
            out.integer(0)
        })
    }

    /// Appends what `append` does, which says how many octets of it follow the call itself.
    fn wait(
        &mut self,
        waiter: W,
        append: impl FnOnce(&mut Self, u32) -> Result<usize, SendError>,
    ) -> Result<u32, SendError> {
        self.check_room()?;
        if self.waits.len() >= self.limits.waiting_calls as usize {
            return Err(SendError::TooManyWaiting { limit: self.limits.waiting_calls });
        }
        let id = self.waits.draw();
        let first = self.sent.len();
        let data = append(self, id)?;
        let saved = first..self.sent.len();
        // A function that reads what follows its call begins before that is there.
        let end = self.appended - data as u64;
        self.waits.insert(id, waiter, end, saved);
        self.calls += 1;
        Ok(id)
    }

    /// Appends a call if it is small, and else perhaps a part of it.
    #[inline]
    fn small(&mut self, call: &Call<'_>, want: u8, id: u32) -> bool {
        let (buffer, count) = (&mut self.buffer.buffer, call.arguments.len());
        let begun = match call.data {
            None => SmallCall::begin(buffer, &self.sent, &self.peer, want, id, call.name, count),
            Some(_) => None,
        };
        begun.is_some_and(|mut out| {
            call.arguments.iter().all(|argument| argument.atom().is_some_and(|atom| out.atom(atom)))
        })
    }
}

/// `DO-n-VALUE-CALL` for the wait `id`.
fn ask(out: &mut Encoder<'_>, id: u32, want: Want) -> Result<(), Unsendable> {
    out.funcall(Name::Site(builtin::do_site(want.code())), 1)?;
    out.token(Token::local(id))
}
