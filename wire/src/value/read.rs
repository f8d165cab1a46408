//! The reader: text to values, by a stack of the lists that are open.

mod error;
mod lexeme;

use crate::value::symbol::COMMON_LISP;
use crate::value::{Symbol, Value};
use lexeme::{Lexeme, Lexer};

pub use error::{ReadError, ReadErrorKind};
pub(super) use lexeme::number;
#[cfg(feature = "serde")]
pub(crate) use lexeme::upper;

/// The one value that the text is.
pub(super) fn value(text: &str) -> Result<Value, ReadError> {
    let mut lexer = Lexer::new(text);
    let value = one(&mut lexer)?;
    match lexer.next()? {
        (_, Lexeme::End) => Ok(value),
        (at, _) => Err(ReadErrorKind::Trailing.at(at)),
    }
}

/// The one symbol that the text is.
pub(super) fn symbol(text: &str) -> Result<Symbol, ReadError> {
    match value(text)? {
        Value::Symbol(symbol) => Ok(symbol),
        // `()` reads as NIL too, and is a name to nobody.
        Value::Nil if !text.as_bytes().contains(&b'(') => Ok(Symbol::nil()),
        _ => Err(ReadErrorKind::NotASymbol.at(0)),
    }
}

/// A list that has not been closed, or a quote that has nothing to quote.
enum Open {
    List { items: Vec<Value>, tail: Tail },
    Vector(Vec<Value>),
    Quote,
}

/// What stands after a list's dot.
enum Tail {
    NoDot,
    Wanted,
    Read(Value),
}

fn one(lexer: &mut Lexer<'_>) -> Result<Value, ReadError> {
    let mut stack = Vec::new();
    loop {
        let (at, lexeme) = lexer.next()?;
        let value = match lexeme {
            Lexeme::Open => {
                stack.push(Open::List { items: Vec::new(), tail: Tail::NoDot });
                continue;
            }
            Lexeme::OpenVector => {
                stack.push(Open::Vector(Vec::new()));
                continue;
            }
            Lexeme::Quote => {
                stack.push(Open::Quote);
                continue;
            }
            Lexeme::Dot => {
                dot(stack.last_mut()).map_err(|kind| kind.at(at))?;
                continue;
            }
            Lexeme::Close => close(stack.pop()).map_err(|kind| kind.at(at))?,
            Lexeme::Value(value) => value,
            Lexeme::End => return Err(ReadErrorKind::Unfinished.at(at)),
        };
        if let Some(whole) = put(value, &mut stack).map_err(|kind| kind.at(at))? {
            return Ok(whole);
        }
    }
}

fn dot(open: Option<&mut Open>) -> Result<(), ReadErrorKind> {
    match open {
        Some(Open::List { items, tail: tail @ Tail::NoDot }) if !items.is_empty() => {
            *tail = Tail::Wanted;
            Ok(())
        }
        _ => Err(ReadErrorKind::Dot),
    }
}

fn close(open: Option<Open>) -> Result<Value, ReadErrorKind> {
    match open {
        Some(Open::List { items, tail: Tail::NoDot }) => Ok(Value::list(items)),
        Some(Open::List { items, tail: Tail::Read(tail) }) => Ok(Value::dotted(items, tail)),
        Some(Open::List { tail: Tail::Wanted, .. }) => Err(ReadErrorKind::Dot),
        Some(Open::Vector(items)) => Ok(Value::vector(items)),
        Some(Open::Quote) | None => Err(ReadErrorKind::Close),
    }
}

/// Puts a value where it belongs in the innermost open list, or gives it back if none is open.
fn put(mut value: Value, stack: &mut Vec<Open>) -> Result<Option<Value>, ReadErrorKind> {
    while let Some(Open::Quote) = stack.last() {
        stack.pop();
        value = Value::list([Value::from(Symbol::new("QUOTE", COMMON_LISP)), value]);
    }
    match stack.last_mut() {
        None => return Ok(Some(value)),
        Some(Open::List { items, tail: Tail::NoDot } | Open::Vector(items)) => items.push(value),
        Some(Open::List { tail: tail @ Tail::Wanted, .. }) => *tail = Tail::Read(value),
        Some(Open::List { tail: Tail::Read(_), .. } | Open::Quote) => {
            return Err(ReadErrorKind::Dot);
        }
    }
    Ok(None)
}
