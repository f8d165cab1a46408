//! Objects that go over each wire once.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::codec::{Decoder, Encoder, Identity, Unsendable, WrongType};
use crate::convert::{FromWire, NeverNil, ToWire};

/// A value that goes over a wire whole the first time, and by a number of a few octets from then on.
///
/// The peer keeps it until the wire ends. It is known by the `Cached` itself and its clones, which
/// share it and cost a count; an equal value in another `Cached` is another object. Wrap what is
/// large, does not change and is sent often over one wire: a table, a template, a long list. Symbols
/// and the keys of records are saved without this.
///
/// It is written as its value is, in either dialect, wherever that may stand: as an argument, in
/// other data, in what a function returns (where a tuple in it is a list, and one value). The peer
/// cannot tell it from the value itself. Where the peer has no room to keep it, by the limits that
/// its hello states (its [`cache_entries`](crate::Limits::cache_entries) and
/// [`cache_bytes`](crate::Limits::cache_bytes)) or by our own `cache_entries`, it goes whole each
/// time. A call that cannot be sent has saved nothing; after an unwinding of a classic peer, what
/// that call saved first is saved again at its next use. Remote objects in it are held by the peer
/// until the wire ends.
///
/// The value is shared and immutable. One that changes inside of a lock would go on being what it
/// was when it was first sent. Reading one ([`FromWire`]) makes a new one.
///
/// CMUCL: the `cache-it` of `wire-output-object`.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use wire::{Cached, Wire, functions, remote_fn, remote_value};
///
/// #[remote_fn]
/// fn total(prices: &[i64]) -> i64 {
///     prices.iter().sum()
/// }
///
/// let (wire, _peer) = Wire::pair(functions![], functions![total])?;
/// let prices = Cached::new((0..1000).collect::<Vec<i64>>());
/// assert_eq!(prices.len(), 1000); // it derefs to its value
/// let mut octets = vec![wire.stats().octets_sent];
/// for _ in 0..3 {
///     assert_eq!(remote_value!(wire, total(prices) -> i64).value().await?, 499_500);
///     octets.push(wire.stats().octets_sent);
/// }
/// assert!(octets[1] - octets[0] > 8000);
/// assert!(octets[2] - octets[1] < 20 && octets[3] - octets[2] < 20);
/// # Ok(())
/// # }
/// ```
pub struct Cached<T>(Arc<Inner<T>>);

struct Inner<T> {
    identity: Identity,
    value: T,
}

impl<T> Cached<T> {
    /// A value that no wire knows yet.
    pub fn new(value: T) -> Self {
        Self(Arc::new(Inner { identity: Identity::new(), value }))
    }
}

impl<T> Clone for Cached<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for Cached<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.value
    }
}

impl<T> From<T> for Cached<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: fmt::Debug> fmt::Debug for Cached<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Cached").field(&self.0.value).finish()
    }
}

impl<T: ToWire> ToWire for Cached<T> {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        out.cached(&self.0.identity, |out| self.0.value.to_wire(out))
    }

    fn is_absent(&self) -> bool {
        self.0.value.is_absent()
    }
}

impl<T: FromWire> FromWire for Cached<T> {
    fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
        T::from_wire(input).map(Self::new)
    }

    fn nil() -> Option<Self> {
        T::nil().map(Self::new)
    }

    fn expected() -> Cow<'static, str> {
        T::expected()
    }
}

impl<D, T: NeverNil<D>> NeverNil<D> for Cached<T> {}
