//! `Form`: Lisp text as data.

use std::mem;

use num_bigint::BigInt;
use wire::Symbol;

/// What the reader reads and the printer prints.
///
/// [`Display`](std::fmt::Display) prints it as Lisp's `prin1` does, [`Form::read_all`] reads it back.
/// Neither these nor dropping a form recurse, since it is the sender who says how deep one is.
///
/// ```
/// use telephone::lisp::Form;
///
/// let forms = Form::read_all("(list 1/3 #\\a 'foo) :k")?;
/// assert_eq!(forms[0].to_string(), "(LIST 1/3 #\\a 'FOO)");
/// assert_eq!(forms[1].to_string(), ":K");
/// # Ok::<(), telephone::lisp::ReadError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Form {
    /// An integer of any size.
    Integer(BigInt),
    /// A ratio, in lowest terms and with a denominator above 1: [`Form::ratio`] makes it.
    Ratio(BigInt, BigInt),
    /// A float without a mark of its own, `1.5`. It keeps 53 bits, as everything here does.
    Float(f64),
    /// A float that says that it is a double, `1.5d0`.
    Double(f64),
    /// A character.
    Character(char),
    /// A string.
    String(String),
    /// A symbol; `NIL` is one, and the empty list is `NIL`.
    Symbol(Symbol),
    /// A list of at least one element, proper or dotted.
    List(List),
    /// A vector.
    Vector(List),
    /// What has no syntax, a function for example; it prints as `#<this text>`.
    Opaque(String),
}

/// The elements of a list or vector.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct List {
    items: Vec<Form>,
    tail: Option<Box<Form>>,
}

impl Form {
    /// `NIL`.
    pub fn nil() -> Self {
        Self::Symbol(Symbol::nil())
    }

    /// `T`.
    pub fn t() -> Self {
        Self::Symbol(Symbol::t())
    }

    /// The symbol of this name in `COMMON-LISP-USER`, where the language's own symbols are found too.
    pub fn symbol(name: &str) -> Self {
        Self::Symbol(Symbol::new(name, USER))
    }

    /// The list of these forms; of none, `NIL`.
    pub fn list(items: impl IntoIterator<Item = Self>) -> Self {
        let items: Vec<_> = items.into_iter().collect();
        if items.is_empty() { Self::nil() } else { Self::List(List { items, tail: None }) }
    }

    /// The forms in front of `tail`, which may be a list itself.
    pub fn dotted(items: impl IntoIterator<Item = Self>, tail: Self) -> Self {
        let mut items: Vec<_> = items.into_iter().collect();
        if items.is_empty() {
            return tail;
        }
        let tail = match tail {
            Self::List(mut rest) => {
                items.append(&mut rest.items);
                rest.tail.take()
            }
            nil if nil.is_nil() => None,
            atom => Some(Box::new(atom)),
        };
        Self::List(List { items, tail })
    }

    /// The vector of these forms.
    pub fn vector(items: impl IntoIterator<Item = Self>) -> Self {
        Self::Vector(List { items: items.into_iter().collect(), tail: None })
    }

    /// The number `numerator / denominator`, or nothing if the denominator is zero.
    pub fn ratio(numerator: BigInt, denominator: BigInt) -> Option<Self> {
        let zero = BigInt::from(0);
        if denominator == zero {
            return None;
        }
        let (mut a, mut b) = (numerator.clone(), denominator.clone());
        while b != zero {
            (a, b) = (b.clone(), a % b);
        }
        // The divisor takes the denominator's sign, so that what is left of it is positive.
        if (a < zero) != (denominator < zero) {
            a = -a;
        }
        let (numerator, denominator) = (numerator / &a, denominator / a);
        Some(if denominator == BigInt::from(1) {
            Self::Integer(numerator)
        } else {
            Self::Ratio(numerator, denominator)
        })
    }

    /// Whether this is `NIL`.
    pub fn is_nil(&self) -> bool {
        matches!(self, Self::Symbol(symbol) if symbol.is_nil())
    }

    /// The elements, if this is a proper list; `NIL` has none.
    pub fn items(&self) -> Option<&[Self]> {
        match self {
            Self::List(list) if list.tail.is_none() => Some(&list.items),
            _ => self.is_nil().then_some(&[]),
        }
    }
}

impl List {
    /// The elements, without the tail.
    pub fn items(&self) -> &[Form] {
        &self.items
    }

    /// What stands after the dot.
    pub fn tail(&self) -> Option<&Form> {
        self.tail.as_deref()
    }
}

impl Drop for List {
    fn drop(&mut self) {
        // Lists inside of lists move here one after the other, so that none drops another.
        let mut rest = mem::take(&mut self.items);
        rest.extend(self.tail.take().map(|tail| *tail));
        while let Some(form) = rest.pop() {
            if let Form::List(mut list) | Form::Vector(mut list) = form {
                rest.append(&mut list.items);
                rest.extend(list.tail.take().map(|tail| *tail));
            }
        }
    }
}

/// The package of symbols that say none.
pub(crate) const USER: &str = "COMMON-LISP-USER";
/// The package of `T` and `NIL`.
pub(crate) const COMMON_LISP: &str = "COMMON-LISP";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_in_lowest_terms_with_a_positive_denominator() {
        let ratio = |a: i64, b: i64| Form::ratio(a.into(), b.into()).map(|form| form.to_string());
        assert_eq!(ratio(6, 4).as_deref(), Some("3/2"));
        assert_eq!(ratio(6, -4).as_deref(), Some("-3/2"));
        assert_eq!(ratio(-6, -4).as_deref(), Some("3/2"));
        assert_eq!(ratio(-6, 3).as_deref(), Some("-2"));
        assert_eq!(ratio(0, -5).as_deref(), Some("0"));
        assert_eq!(ratio(1, 0), None);
    }

    #[test]
    fn a_form_a_million_deep_is_built_and_dropped() {
        let mut deep = Form::nil();
        for _ in 0..1_000_000 {
            deep = Form::list([deep]);
        }
        drop(deep);
    }
}
