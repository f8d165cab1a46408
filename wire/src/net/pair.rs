//! Two wires in memory, for tests and for parts of one program that may move apart.

use crate::function::{Functions, FunctionsError};
use crate::handle::{Peer, Wire};
use crate::net::builder::Builder;

/// The octets that one end may be ahead of the other, as a socket's buffer would allow.
const AHEAD: usize = 64 << 10;

impl Wire {
    /// Two wires, connected to each other in memory: what either offers, the other may call.
    ///
    /// They speak the extended dialect, over a pipe, by the same code that serves a socket. Must be
    /// called in a tokio runtime.
    ///
    /// Both ends are one process, which shows in [remote objects](crate::Remote): a token is local
    /// at both. So [`value`](crate::Remote::value), at the end that was sent a handle, says
    /// [`NotGiven`](crate::ObjectError::NotGiven) where another process would be told
    /// [`Foreign`](crate::ObjectError::Foreign), and dropping that handle releases nothing: the
    /// object is kept until this wire ends, or it is [forgotten](crate::Remote::forget).
    ///
    /// # Errors
    /// [`FunctionsError`] if functions cannot be offered.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use wire::{Wire, functions, remote_fn, remote_value};
    ///
    /// #[remote_fn]
    /// fn half(n: i64) -> i64 {
    ///     n / 2
    /// }
    ///
    /// let (here, _there) = Wire::pair(functions![], functions![half])?;
    /// assert_eq!(remote_value!(here, half(10) -> i64).value().await?, 5);
    /// # Ok(())
    /// # }
    /// ```
    pub fn pair(here: Functions, there: Functions) -> Result<(Self, Self), FunctionsError> {
        Self::builder().functions(here).pair(Self::builder().functions(there))
    }
}

impl Builder {
    /// Two wires, connected to each other in memory, with the settings of both builders. A classic
    /// one makes the pair speak the classic dialect.
    ///
    /// # Errors
    /// [`FunctionsError`] if functions cannot be offered.
    pub fn pair(self, other: Self) -> Result<(Wire, Wire), FunctionsError> {
        let (ours, theirs) = (self.freeze(&[])?, other.freeze(&[])?);
        let (near, far) = tokio::io::duplex(AHEAD);
        let here = self.start(Box::new(near), Peer::Memory, ours);
        let there = other.start(Box::new(far), Peer::Memory, theirs);
        self.introduce(&here, &other);
        other.introduce(&there, &self);
        Ok((here, there))
    }
}
