//! The printer: forms as Lisp's `prin1` and `princ` write them.

use std::fmt::{self, Write};

use wire::{Symbol, Value};

use crate::lisp::character;
use crate::lisp::form::{Form, List};
use crate::lisp::lexeme::PREFIXES;

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print(self, f, Style::Readable)
    }
}

impl Form {
    /// The form as `princ` writes it: strings without their quotes, characters as they are, symbols
    /// without bars and keywords without their colon.
    pub fn princ(&self) -> String {
        let mut text = String::new();
        // A string takes all that is written to it.
        let _ = print(self, &mut text, Style::Plain);
        text
    }
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Style {
    Readable,
    Plain,
}

/// A list that is being printed.
struct Open<'a> {
    rest: std::slice::Iter<'a, Form>,
    tail: Option<&'a Form>,
    begun: bool,
}

fn print(form: &Form, out: &mut dyn Write, style: Style) -> fmt::Result {
    let mut stack = Vec::new();
    open(form, out, style, &mut stack)?;
    while let Some(list) = stack.last_mut() {
        let next = if let Some(item) = list.rest.next() {
            if list.begun {
                out.write_char(' ')?;
            }
            list.begun = true;
            item
        } else if let Some(tail) = list.tail.take() {
            out.write_str(" . ")?;
            tail
        } else {
            out.write_char(')')?;
            stack.pop();
            continue;
        };
        open(next, out, style, &mut stack)?;
    }
    Ok(())
}

/// Prints an atom, or a list's opening, after which the list is on the stack.
fn open<'a>(
    mut form: &'a Form,
    out: &mut dyn Write,
    style: Style,
    stack: &mut Vec<Open<'a>>,
) -> fmt::Result {
    while let Some((mark, prefixed)) = prefixed(form) {
        out.write_str(mark)?;
        // `, @a` is not `,@a`.
        if mark == "," && starts_with_at(prefixed) {
            out.write_char(' ')?;
        }
        form = prefixed;
    }
    let (list, paren) = match form {
        Form::List(list) => (list, "("),
        Form::Vector(list) => (list, "#("),
        atom => return self::atom(atom, out, style),
    };
    out.write_str(paren)?;
    stack.push(Open { rest: list.items().iter(), tail: list.tail(), begun: false });
    Ok(())
}

/// The mark and `X`, of a list such as `(QUOTE X)`.
fn prefixed(form: &Form) -> Option<(&'static str, &Form)> {
    let Form::List(list) = form else {
        return None;
    };
    let [Form::Symbol(head), prefixed] = proper(list)? else {
        return None;
    };
    let known = |name: &str| Form::symbol(name) == list.items()[0];
    let prefix = PREFIXES.into_iter().find(|prefix| prefix.symbol == head.name())?;
    known(prefix.symbol).then_some((prefix.mark, prefixed))
}

fn proper(list: &List) -> Option<&[Form]> {
    list.tail().is_none().then(|| list.items())
}

fn starts_with_at(form: &Form) -> bool {
    matches!(form, Form::Symbol(symbol) if symbol.to_string().starts_with('@'))
}

fn atom(form: &Form, out: &mut dyn Write, style: Style) -> fmt::Result {
    match form {
        Form::Integer(integer) => write!(out, "{integer}"),
        Form::Ratio(numerator, denominator) => write!(out, "{numerator}/{denominator}"),
        Form::Double(double) => write!(out, "{}", Value::Double(*double)),
        Form::Float(float) => out.write_str(&unmarked(*float)),
        Form::Character(letter) if style == Style::Plain => out.write_char(*letter),
        Form::Character(letter) => write!(out, "#\\{}", character::name(*letter)),
        Form::String(text) if style == Style::Plain => out.write_str(text),
        Form::String(text) => string(text, out),
        Form::Symbol(symbol) if style == Style::Plain => out.write_str(symbol.name()),
        Form::Symbol(symbol) => self::symbol(symbol, out),
        Form::Opaque(text) => write!(out, "#<{text}>"),
        Form::List(_) | Form::Vector(_) => Ok(()),
    }
}

/// The double as Lisp prints floats of the kind that it reads without a mark.
fn unmarked(float: f64) -> String {
    let marked = Value::Double(float).to_string();
    if !float.is_finite() {
        return marked;
    }
    marked.strip_suffix("d0").map_or_else(|| marked.replace('d', "e"), ToOwned::to_owned)
}

fn string(text: &str, out: &mut dyn Write) -> fmt::Result {
    out.write_char('"')?;
    for piece in text.split_inclusive(['"', '\\']) {
        match piece.strip_suffix(['"', '\\']) {
            Some(plain) => write!(out, "{plain}\\{}", &piece[plain.len()..])?,
            None => out.write_str(piece)?,
        }
    }
    out.write_char('"')
}

/// As a wire's printer does it, which knows packages, bars and what would read as a number.
fn symbol(symbol: &Symbol, out: &mut dyn Write) -> fmt::Result {
    write!(out, "{symbol}")
}
