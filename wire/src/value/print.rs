//! The printer: values as Lisp writes them.

use std::fmt::{self, Write};

use crate::value::symbol::{COMMON_LISP, KEYWORD, USER};
use crate::value::{Elements, List, Symbol, Value, read};

/// What `Debug` writes at most, in octets: a value in a log line must not be the log.
const DEBUG_OCTETS: usize = 4096;

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print(self, f, integer)
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        bounded(f, |out| print(self, out, short_integer))
    }
}

impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&Value::from(self.clone()), f)
    }
}

impl fmt::Debug for Elements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&Value::from(self.clone()), f)
    }
}

/// A list that is being printed.
struct Open<'a> {
    rest: std::slice::Iter<'a, Value>,
    tail: Option<&'a Value>,
    begun: bool,
}

type Integer = fn(&num_bigint::BigInt, &mut dyn Write) -> fmt::Result;

fn print(value: &Value, out: &mut dyn Write, integer: Integer) -> fmt::Result {
    let mut stack = Vec::new();
    open(value, out, integer, &mut stack)?;
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
        open(next, out, integer, &mut stack)?;
    }
    Ok(())
}

/// Prints an atom, or a list's opening, after which the list is on the stack.
fn open<'a>(
    mut value: &'a Value,
    out: &mut dyn Write,
    integer: Integer,
    stack: &mut Vec<Open<'a>>,
) -> fmt::Result {
    while let Some(quoted) = quoted(value) {
        out.write_char('\'')?;
        value = quoted;
    }
    let Some(node) = value.node().filter(|_| !value.is_nil()) else {
        return atom(value, out, integer);
    };
    out.write_str(if matches!(value, Value::Vector(_)) { "#(" } else { "(" })?;
    let tail = Some(&node.tail).filter(|tail| !tail.is_nil());
    stack.push(Open { rest: node.items.iter(), tail, begun: false });
    Ok(())
}

/// `X` of the list `(QUOTE X)`.
fn quoted(value: &Value) -> Option<&Value> {
    let Value::List(list) = value else {
        return None;
    };
    match list.items() {
        [Value::Symbol(head), quoted] if list.is_proper() => {
            (head.name() == "QUOTE" && head.package() == COMMON_LISP).then_some(quoted)
        }
        _ => None,
    }
}

fn atom(value: &Value, out: &mut dyn Write, integer: Integer) -> fmt::Result {
    match value {
        Value::Nil | Value::List(_) | Value::Vector(_) => out.write_str("NIL"),
        Value::Integer(small) => write!(out, "{small}"),
        Value::Bignum(big) => integer(big, out),
        Value::Double(double) if !double.is_finite() => write!(out, "#<double {double}>"),
        Value::Double(double) => {
            float(out, double.abs(), &format!("{double:?}"), &format!("{double:e}"), 'd')
        }
        Value::Single(single) if !single.is_finite() => write!(out, "#<single {single}>"),
        Value::Single(single) => {
            let size = f64::from(single.abs());
            float(out, size, &format!("{single:?}"), &format!("{single:e}"), 'e')
        }
        Value::String(text) => string(text, out),
        Value::Octets(octets) => {
            out.write_str("#{")?;
            for (index, octet) in octets.iter().enumerate() {
                let space = if index == 0 { "" } else { " " };
                write!(out, "{space}{octet:02x}")?;
            }
            out.write_char('}')
        }
        Value::Symbol(name) => symbol(name, out),
        Value::Remote(remote) => write!(out, "#<remote {}>", remote.token()),
    }
}

fn integer(big: &num_bigint::BigInt, out: &mut dyn Write) -> fmt::Result {
    write!(out, "{big}")
}

/// The digits of a number of a million words take minutes, and `Debug` would show the first few.
fn short_integer(big: &num_bigint::BigInt, out: &mut dyn Write) -> fmt::Result {
    match big.bits() {
        0..=8192 => integer(big, out),
        bits => write!(out, "#<integer of {bits} bits>"),
    }
}

/// A float in Lisp's syntax, plain between 10^-3 and 10^7 as Lisp prints it. `d` marks a double.
fn float(out: &mut dyn Write, size: f64, plain: &str, scaled: &str, mark: char) -> fmt::Result {
    if size == 0.0 || (1e-3..1e7).contains(&size) {
        out.write_str(plain)?;
        return if mark == 'd' { out.write_str("d0") } else { Ok(()) };
    }
    let (digits, exponent) = scaled.split_once('e').unwrap_or((scaled, "0"));
    let point = if digits.as_bytes().contains(&b'.') { "" } else { ".0" };
    write!(out, "{digits}{point}{mark}{exponent}")
}

fn string(text: &str, out: &mut dyn Write) -> fmt::Result {
    out.write_char('"')?;
    escaped(text, ['"', '\\'], out)?;
    out.write_char('"')
}

/// The text with a backslash before each of the two letters.
fn escaped(text: &str, special: [char; 2], out: &mut dyn Write) -> fmt::Result {
    for piece in text.split_inclusive(special) {
        match piece.strip_suffix(special) {
            Some(plain) => write!(out, "{plain}\\{}", &piece[plain.len()..])?,
            None => out.write_str(piece)?,
        }
    }
    Ok(())
}

/// A symbol with its package, unless the reader finds the same one without.
pub(super) fn symbol(symbol: &Symbol, out: &mut dyn Write) -> fmt::Result {
    let (name, package) = (symbol.name(), symbol.package());
    let is_lisps = matches!(name, "T" | "NIL");
    match package {
        KEYWORD => out.write_char(':')?,
        USER if !is_lisps => {}
        COMMON_LISP if is_lisps => {}
        _ => {
            part(package, out)?;
            out.write_str("::")?;
        }
    }
    part(name, out)
}

/// A symbol's or a package's name, between bars where the reader would not read it as it stands.
fn part(name: &str, out: &mut dyn Write) -> fmt::Result {
    let marks = |c: char| matches!(c, '"' | '\'' | '(' | ')' | ',' | ':' | ';' | '`' | '\\' | '|');
    let plain = |c: char| c.is_ascii_graphic() && !c.is_ascii_lowercase() && !marks(c);
    let reads_back = name.chars().all(plain)
        && !name.starts_with('#')
        && !name.chars().all(|c| c == '.') // the empty name too
        && read::number(name).is_none();
    if reads_back {
        return out.write_str(name);
    }
    out.write_char('|')?;
    escaped(name, ['|', '\\'], out)?;
    out.write_char('|')
}

/// Lets `print` write so many octets, and three dots where it wrote more.
pub(super) fn bounded(
    f: &mut fmt::Formatter<'_>,
    print: impl FnOnce(&mut dyn Write) -> fmt::Result,
) -> fmt::Result {
    let mut out = Bounded { f, left: DEBUG_OCTETS - 3, full: false };
    match print(&mut out) {
        Err(_) if out.full => f.write_str("..."),
        result => result,
    }
}

struct Bounded<'a, 'f> {
    f: &'a mut fmt::Formatter<'f>,
    left: usize,
    full: bool,
}

impl Write for Bounded<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if text.len() <= self.left {
            self.left -= text.len();
            return self.f.write_str(text);
        }
        self.full = true;
        let end = (0..=self.left).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        self.f.write_str(&text[..end])?;
        // Ends the printing, however much there is left.
        Err(fmt::Error)
    }
}
