//! `Remote`, the handle of a remote object.

use std::any::{Any, type_name};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;

use super::table;
use crate::token::Token;

/// The type of an object whose type only its owner knows: `Remote` means `Remote<Opaque>`.
#[derive(Debug)]
#[non_exhaustive]
pub enum Opaque {}

/// A handle of an object that lives in one process and is named in others.
///
/// In the process that owns the object, [`Remote::new`] makes the handle from an `Arc` and
/// [`Remote::value`] gives the `Arc` back. In every other process the handle is a name: it can be
/// sent back, kept and compared. While a handle lives, here or (in the extended dialect) at a peer,
/// the owner keeps the object; a classic peer's share ends with [`Remote::forget`] or with its
/// wire. Handles are equal when they name the same object. Cloning costs a reference count.
///
/// CMUCL's names for this: `make-remote-object`, `remote-object-value`, `remote-object-eq`,
/// `remote-object-local-p`, `forget-remote-translation`.
///
/// ```
/// use std::sync::Arc;
/// use wire::{ObjectError, Remote};
///
/// let counter = Arc::new(41_u64);
/// let remote = Remote::new(Arc::clone(&counter));
/// assert!(remote.is_local());
/// assert_eq!(remote, Remote::new(counter)); // the same Arc has the same token
/// assert_eq!(*remote.value()?, 41);
/// remote.forget();
/// assert!(matches!(remote.value(), Err(ObjectError::Forgotten { .. })));
/// # Ok::<(), ObjectError>(())
/// ```
pub struct Remote<T = Opaque> {
    token: Token,
    /// What keeps the object: a [`table::Hold`] here, the wire's count of it for a foreign one.
    hold: Option<Arc<dyn Any + Send + Sync>>,
    /// Whether it came from a peer that was never given it, and so may not use it.
    denied: bool,
    marker: PhantomData<fn() -> T>,
}

impl<T: Any + Send + Sync> Remote<T> {
    /// Makes an object of this process known (`make-remote-object`).
    ///
    /// The same `Arc` gives the same token as long as anything holds it.
    pub fn new(value: Arc<T>) -> Self {
        let (token, hold) = table::insert(value);
        Self::with_hold(token, Some(hold))
    }

    /// The object, in the process that owns it (`remote-object-value`).
    ///
    /// # Errors
    /// [`ObjectError::Foreign`] if it lives in another process, [`ObjectError::NotGiven`] if it came
    /// from a peer that was never given it, [`ObjectError::Forgotten`] if it was forgotten,
    /// [`ObjectError::WrongType`] if it is not a `T`.
    pub fn value(&self) -> Result<Arc<T>, ObjectError> {
        if !self.token.is_local() {
            return Err(ObjectError::Foreign { token: self.token });
        }
        if self.denied {
            return Err(ObjectError::NotGiven { token: self.token });
        }
        let (value, found) =
            table::lookup(self.token).ok_or(ObjectError::Forgotten { token: self.token })?;
        value.downcast().map_err(|_| ObjectError::WrongType {
            token: self.token,
            expected: type_name::<T>(),
            found,
        })
    }
}

impl<T> Remote<T> {
    /// A handle of `token` with what keeps its object.
    pub(crate) fn with_hold(token: Token, hold: Option<Arc<dyn Any + Send + Sync>>) -> Self {
        Self { token, hold, denied: false, marker: PhantomData }
    }

    /// A handle of a local token that a peer named without having been given it: it can be
    /// compared, and nothing else.
    pub(crate) fn denied(token: Token) -> Self {
        Self { token, hold: None, denied: true, marker: PhantomData }
    }

    /// Whether it names an object of this process that the peer it came from was never given.
    /// Sending it on must not give it: whoever guessed a token could have it echoed.
    pub(crate) fn is_denied(&self) -> bool {
        self.denied
    }

    /// What stands for the object on the wire.
    pub fn token(&self) -> Token {
        self.token
    }

    /// Whether the object lives in this process (`remote-object-local-p`).
    pub fn is_local(&self) -> bool {
        self.token.is_local()
    }

    /// Takes the object out of this process's table, whoever holds it
    /// (`forget-remote-translation`), and says whether it was there. Every handle of it finds it
    /// forgotten from now on. Of a foreign object this forgets nothing and says `false`.
    pub fn forget(&self) -> bool {
        self.is_local() && !self.denied && table::forget(self.token)
    }

    /// Lets the peers of every wire use the token, not only of those it was sent on. Says whether
    /// the object was there to be shared.
    pub fn share(&self) -> bool {
        self.is_local() && !self.denied && table::share(self.token)
    }

    /// The same handle, its type unsaid.
    pub fn untyped(&self) -> Remote {
        Remote {
            token: self.token,
            hold: self.hold.clone(),
            denied: self.denied,
            marker: PhantomData,
        }
    }

    /// The same handle for a `U`. Whether the object is one shows when [`Remote::value`] is called
    /// in the process that owns it.
    pub fn typed<U>(&self) -> Remote<U> {
        Remote {
            token: self.token,
            hold: self.hold.clone(),
            denied: self.denied,
            marker: PhantomData,
        }
    }
}

impl<T> Clone for Remote<T> {
    fn clone(&self) -> Self {
        self.typed()
    }
}

/// `remote-object-eq`: whether both name the same object.
impl<T, U> PartialEq<Remote<U>> for Remote<T> {
    fn eq(&self, other: &Remote<U>) -> bool {
        self.token == other.token
    }
}

impl<T> Eq for Remote<T> {}

impl<T> Hash for Remote<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.token.hash(state);
    }
}

impl<T> fmt::Debug for Remote<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let owner = if self.is_local() { "local" } else { "foreign" };
        // `T` need not be `'static`, so that its name has to tell.
        match type_name::<T>() {
            unsaid if unsaid == type_name::<Opaque>() => {
                write!(f, "Remote({owner} {})", self.token)
            }
            said => write!(f, "Remote<{said}>({owner} {})", self.token),
        }
    }
}

/// Why a token has no value here.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ObjectError {
    /// The object lives in another process; only that one can give its value.
    #[error("remote object {token} lives in another process")]
    Foreign {
        /// The object's token.
        token: Token,
    },
    /// A peer named an object of this process that was neither sent to it nor shared.
    #[error("remote object {token} was never given to the peer that named it")]
    NotGiven {
        /// The object's token.
        token: Token,
    },
    /// The object was forgotten, or nothing held it any more.
    #[error("remote object {token} was forgotten")]
    Forgotten {
        /// The object's token.
        token: Token,
    },
    /// The object is there and of another type.
    #[error("remote object {token} is a {found}, not a {expected}")]
    WrongType {
        /// The object's token.
        token: Token,
        /// The type that was asked for.
        expected: &'static str,
        /// The type it has.
        found: &'static str,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_handle_takes_the_object_along() {
        let value = Arc::new(String::from("kept"));
        let remote = Remote::new(Arc::clone(&value));
        let token = remote.token();
        let second = remote.clone();
        drop(remote);
        assert_eq!(Arc::strong_count(&value), 2);
        drop(second);
        assert_eq!(Arc::strong_count(&value), 1);
        assert!(table::lookup(token).is_none());
    }

    #[test]
    fn foreign_forgotten_and_other_type_are_told_apart() {
        let here = Token::local(0);
        let foreign = Remote::<u8>::with_hold(Token::new(!here.host(), 1, 2), None);
        assert!(matches!(foreign.value(), Err(ObjectError::Foreign { .. })));
        assert!(!foreign.forget() && !foreign.share());

        let remote = Remote::new(Arc::new(7_u32));
        assert!(matches!(remote.typed::<i32>().value(), Err(ObjectError::WrongType { .. })));
        assert!(remote.forget() && !remote.forget());
        assert!(matches!(remote.value(), Err(ObjectError::Forgotten { .. })));
    }

    #[test]
    fn debug_says_the_type_where_one_is_known() {
        let remote = Remote::new(Arc::new(7_u64));
        let token = remote.token();
        assert_eq!(format!("{remote:?}"), format!("Remote<u64>(local {token})"));
        assert_eq!(format!("{:?}", remote.untyped()), format!("Remote(local {token})"));
        let foreign = Remote::<Opaque>::with_hold(Token::new(!token.host(), 2, 3), None);
        assert_eq!(format!("{foreign:?}"), format!("Remote(foreign {})", foreign.token()));
    }

    #[test]
    fn a_forgotten_object_gets_a_new_token() {
        let value = Arc::new(1_u16);
        let first = Remote::new(Arc::clone(&value));
        first.forget();
        let second = Remote::new(value);
        assert_ne!(first, second);
        drop(first);
        assert!(second.value().is_ok(), "the old handle's end must not take the new entry");
    }
}
