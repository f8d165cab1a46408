//! Symbols: a name and the name of its package.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, LazyLock};

use crate::value::print;
use crate::value::read::{self, ReadError};

/// The package where names are looked for that say none; it inherits all of [`COMMON_LISP`].
pub(crate) const USER: &str = "COMMON-LISP-USER";
pub(crate) const COMMON_LISP: &str = "COMMON-LISP";
pub(crate) const KEYWORD: &str = "KEYWORD";

/// A Lisp symbol: a name in a package. A clone costs a reference count.
///
/// ```
/// use wire::Symbol;
///
/// let symbol = Symbol::read("hemlock::|Beep|")?;
/// assert_eq!((symbol.name(), symbol.package()), ("Beep", "HEMLOCK"));
/// assert_eq!(Symbol::read("write-string")?, Symbol::new("WRITE-STRING", "COMMON-LISP-USER"));
/// assert_eq!(Symbol::keyword("ID").to_string(), ":ID");
/// # Ok::<(), wire::ReadError>(())
/// ```
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Symbol(Arc<Parts>);

#[derive(Eq, Hash, Ord, PartialEq, PartialOrd)]
struct Parts {
    package: Cow<'static, str>,
    name: Box<str>,
}

impl Symbol {
    /// The symbol of this name in this package, both taken as they stand.
    pub fn new(name: &str, package: &str) -> Self {
        let known = [USER, KEYWORD, COMMON_LISP].into_iter().find(|&known| known == package);
        let package = known.map_or_else(|| Cow::Owned(package.to_owned()), Cow::Borrowed);
        Self(Arc::new(Parts { package, name: name.into() }))
    }

    /// The keyword of this name.
    pub fn keyword(name: &str) -> Self {
        Self::new(name, KEYWORD)
    }

    /// `NIL`, which is also false and the empty list.
    pub fn nil() -> Self {
        nil_ref().clone()
    }

    /// `T`, which is true.
    pub fn t() -> Self {
        static T: LazyLock<Symbol> = LazyLock::new(|| Symbol::new("T", COMMON_LISP));
        T.clone()
    }

    /// Reads a symbol as the Lisp reader reads it, `PACKAGE::NAME` and `:KEYWORD` included.
    ///
    /// # Errors
    /// [`ReadError`] if the text is not one symbol.
    pub fn read(text: &str) -> Result<Self, ReadError> {
        read::symbol(text)
    }

    /// The symbol's name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The name of the symbol's package.
    pub fn package(&self) -> &str {
        &self.0.package
    }

    /// Whether this is `NIL`.
    pub fn is_nil(&self) -> bool {
        self.name() == "NIL" && self.package() == COMMON_LISP
    }

    /// Whether this is a keyword.
    pub fn is_keyword(&self) -> bool {
        self.package() == KEYWORD
    }
}

/// `NIL` for the accessors that lend a symbol.
pub(crate) fn nil_ref() -> &'static Symbol {
    static NIL: LazyLock<Symbol> = LazyLock::new(|| Symbol::new("NIL", COMMON_LISP));
    &NIL
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print::symbol(self, f)
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print::bounded(f, |out| print::symbol(self, out))
    }
}

impl std::str::FromStr for Symbol {
    type Err = ReadError;

    fn from_str(text: &str) -> Result<Self, ReadError> {
        Self::read(text)
    }
}
