//! Lisp values as data: what crosses a wire when no Rust type says what it should be.
//!
//! Typed code never builds these; they serve calls whose types are known only while running. No
//! operation on a value recurses, since it is the peer who says how deep one is.

mod from;
mod list;
mod print;
mod read;
mod same;
mod symbol;

use std::sync::Arc;

use num_bigint::BigInt;

use crate::object::Remote;

#[cfg(feature = "serde")]
pub(crate) use read::upper;

pub use list::{Elements, List};
pub use read::{ReadError, ReadErrorKind};
pub use symbol::Symbol;

/// A Lisp value.
///
/// A clone costs a reference count. The symbol `NIL`, the empty list and [`Value::Nil`] are one
/// value, equal and of one hash. Floats compare and hash by their bits, so that every value equals
/// itself.
///
/// [`Display`](std::fmt::Display) prints as Lisp does, [`FromStr`](std::str::FromStr) and
/// [`Value::read`] read it back, and `Debug` prints at most 4 KiB.
///
/// ```
/// use wire::Value;
///
/// let job = Value::list([
///     Value::keyword("ID"), Value::from(7),
///     Value::keyword("COMMAND"), Value::from("make"),
/// ]);
/// assert_eq!(job.to_string(), r#"(:ID 7 :COMMAND "make")"#);
/// assert_eq!(job.get("COMMAND").and_then(Value::as_str), Some("make"));
/// assert_eq!(r#"(:id 7 :command "make")"#.parse(), Ok(job));
/// ```
///
/// ## Beyond Lisp's syntax
/// Octets print as `#{0a ff}`, which the reader reads. A remote object prints as
/// `#<remote host:process:id>` and an infinity or a NaN as `#<double inf>`, which it does not.
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum Value {
    /// `NIL`: false, the empty list, nothing.
    #[default]
    Nil,
    /// An integer of 64 bits.
    Integer(i64),
    /// An integer that 64 bits do not hold. [`Value::from`] makes the right one of the two.
    Bignum(Arc<BigInt>),
    /// A double float, which only the extended dialect carries.
    Double(f64),
    /// A single float, which only the extended dialect carries.
    Single(f32),
    /// A string.
    String(Arc<str>),
    /// A string of octets, which only the extended dialect carries.
    Octets(Arc<[u8]>),
    /// A symbol.
    Symbol(Symbol),
    /// A list, proper or dotted.
    List(List),
    /// A vector, which only the extended dialect carries.
    Vector(Elements),
    /// A remote object.
    Remote(Arc<Remote>),
}

impl Value {
    /// The symbol `T`, Lisp's true.
    pub fn t() -> Self {
        Self::Symbol(Symbol::t())
    }

    /// The keyword of this name, which is taken as it stands: keywords are upper case by custom.
    pub fn keyword(name: &str) -> Self {
        Self::Symbol(Symbol::keyword(name))
    }

    /// The list of these values.
    ///
    /// ```
    /// # use wire::Value;
    /// assert_eq!(Value::list([1, 2, 3]).to_string(), "(1 2 3)");
    /// assert_eq!(Value::list::<Value>([]), Value::Nil);
    /// ```
    pub fn list<T: Into<Self>>(items: impl IntoIterator<Item = T>) -> Self {
        items.into_iter().map(Into::into).collect::<List>().into()
    }

    /// The vector of these values.
    pub fn vector<T: Into<Self>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::Vector(items.into_iter().map(Into::into).collect())
    }

    /// The values in front of `tail`, which may be a list itself (Lisp's `list*`).
    ///
    /// ```
    /// # use wire::Value;
    /// assert_eq!(Value::dotted([1, 2], 3).to_string(), "(1 2 . 3)");
    /// assert_eq!(Value::dotted([1, 2], Value::list([3])), Value::list([1, 2, 3]));
    /// ```
    pub fn dotted<T: Into<Self>>(
        items: impl IntoIterator<Item = T>,
        tail: impl Into<Self>,
    ) -> Self {
        list::join(items.into_iter().map(Into::into).collect(), tail.into())
    }

    /// A cons. In front of a list of n elements it moves them all; [`Value::list`] makes a long
    /// list at once.
    pub fn cons(car: impl Into<Self>, cdr: impl Into<Self>) -> Self {
        list::join(vec![car.into()], cdr.into())
    }

    /// Whether this is `NIL`, in whichever form.
    pub fn is_nil(&self) -> bool {
        match self {
            Self::Nil => true,
            Self::Symbol(symbol) => symbol.is_nil(),
            Self::List(list) => list.is_empty(),
            _ => false,
        }
    }

    /// The integer, if this is one of 64 bits.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(integer) => Some(*integer),
            Self::Bignum(big) => i64::try_from(&**big).ok(),
            _ => None,
        }
    }

    /// The integer, if this is one.
    pub fn as_bigint(&self) -> Option<BigInt> {
        match self {
            Self::Integer(integer) => Some(BigInt::from(*integer)),
            Self::Bignum(big) => Some(BigInt::clone(big)),
            _ => None,
        }
    }

    /// The number, if this is a float.
    pub fn as_float(&self) -> Option<f64> {
        match self {
            Self::Double(double) => Some(*double),
            Self::Single(single) => Some(f64::from(*single)),
            _ => None,
        }
    }

    /// The text, if this is a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The octets, if this is a string of octets.
    pub fn as_octets(&self) -> Option<&[u8]> {
        match self {
            Self::Octets(octets) => Some(octets),
            _ => None,
        }
    }

    /// The symbol, if this is one; `NIL` is.
    pub fn as_symbol(&self) -> Option<&Symbol> {
        match self {
            Self::Symbol(symbol) => Some(symbol),
            _ => self.is_nil().then(symbol::nil_ref),
        }
    }

    /// The remote object, if this is one.
    pub fn as_remote(&self) -> Option<&Remote> {
        match self {
            Self::Remote(remote) => Some(remote),
            _ => None,
        }
    }

    /// The elements, if this is a proper list (`NIL` has none) or a vector.
    pub fn as_slice(&self) -> Option<&[Self]> {
        match self {
            Self::List(list) => list.is_proper().then(|| list.items()),
            Self::Vector(elements) => Some(elements),
            _ => self.is_nil().then_some(&[]),
        }
    }

    /// The elements of a list or vector, without the tail of a dotted list. Anything else has none.
    ///
    /// ```
    /// # use wire::Value;
    /// let sum: i64 = Value::list([1, 2, 3]).iter().filter_map(Value::as_integer).sum();
    /// assert_eq!(sum, 6);
    /// ```
    pub fn iter(&self) -> std::slice::Iter<'_, Self> {
        match self {
            Self::List(list) => list.iter(),
            Self::Vector(elements) => elements.iter(),
            _ => [].iter(),
        }
    }

    /// What stands after the keyword `name` in a property list (Lisp's `getf`).
    ///
    /// ```
    /// # use wire::Value;
    /// let job: Value = "(:id 7 :tags nil)".parse()?;
    /// assert_eq!(job.get("ID"), Some(&Value::from(7)));
    /// assert_eq!(job.get("TAGS"), Some(&Value::Nil));
    /// assert_eq!(job.get("id"), None); // keywords are upper case
    /// # Ok::<(), wire::ReadError>(())
    /// ```
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Self::List(list) = self else {
            return None;
        };
        let is_name =
            |key: &Self| key.as_symbol().is_some_and(|key| key.is_keyword() && key.name() == name);
        list.items().chunks_exact(2).find(|pair| is_name(&pair[0])).map(|pair| &pair[1])
    }

    /// Reads one value as the Lisp reader reads it.
    ///
    /// Symbols are folded to upper case outside of `|..|` and `\`, and are of `COMMON-LISP-USER`
    /// unless they say otherwise (`T` and `NIL` are Lisp's own). `1.5` is a single float and
    /// `1.5d0` a double. Lists, dotted pairs, `#(vectors)`, `'quote`, `;` and `#| |#` comments are
    /// read; ratios, characters, backquotes and reader macros have no value here and are errors.
    ///
    /// ```
    /// # use wire::Value;
    /// let value = Value::read("(write-string \"hi\" hemlock::|Beep| . 2.5d0)")?;
    /// assert_eq!(value.to_string(), "(WRITE-STRING \"hi\" HEMLOCK::|Beep| . 2.5d0)");
    /// # Ok::<(), wire::ReadError>(())
    /// ```
    ///
    /// # Errors
    /// [`ReadError`], which says where and why, if the text is not one value.
    pub fn read(text: &str) -> Result<Self, ReadError> {
        read::value(text)
    }
}

impl<'a> IntoIterator for &'a Value {
    type Item = &'a Value;
    type IntoIter = std::slice::Iter<'a, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl std::str::FromStr for Value {
    type Err = ReadError;

    fn from_str(text: &str) -> Result<Self, ReadError> {
        Self::read(text)
    }
}

#[cfg(test)]
pub(crate) mod tests;
