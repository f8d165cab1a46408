//! Values as they are, for code that learns the types while running. Neither way recurses.

use std::borrow::Cow;

use crate::codec::{Decoder, Encoder, Form, Item, Kind, Number, Op, Unsendable, WrongType};
use crate::convert::{FromWire, ToWire};
use crate::value::{Symbol, Value};

impl ToWire for Value {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        let mut stack = Vec::new();
        write(self, out, &mut stack)?;
        while let Some(list) = stack.last_mut() {
            let next = match list.rest.next() {
                Some(item) => {
                    if list.conses {
                        out.cons()?;
                    }
                    item
                }
                None => {
                    let tail = list.conses.then_some(list.tail);
                    stack.pop();
                    match tail {
                        Some(tail) => tail,
                        None => continue,
                    }
                }
            };
            write(next, out, &mut stack)?;
        }
        Ok(())
    }
}

/// A list or vector that is being written.
struct Half<'a> {
    rest: std::slice::Iter<'a, Value>,
    /// What ends it, if it is written as conses.
    tail: &'a Value,
    conses: bool,
}

/// Writes an atom, or what a list begins with, which is on the stack then.
fn write<'a>(
    value: &'a Value,
    out: &mut Encoder<'_>,
    stack: &mut Vec<Half<'a>>,
) -> Result<(), Unsendable> {
    match value {
        nil if nil.is_nil() => out.nil(),
        Value::Nil => out.nil(),
        Value::Integer(integer) => out.integer(*integer),
        Value::Bignum(big) => out.bignum(big),
        Value::Double(double) => out.double(*double),
        Value::Single(single) => out.single(*single),
        Value::String(text) => out.string(text),
        Value::Octets(octets) => out.octets(octets),
        Value::Symbol(symbol) => symbol.to_wire(out),
        Value::Remote(remote) => out.remote(remote),
        Value::List(list) => {
            let conses = !list.is_proper() || !out.reads(Op::Sequence);
            if !conses {
                out.sequence_head(Form::List, list.len())?;
            }
            stack.push(Half { rest: list.iter(), tail: list.tail(), conses });
            Ok(())
        }
        Value::Vector(elements) => {
            out.sequence_head(Form::Vector, elements.len())?;
            stack.push(Half { rest: elements.iter(), tail: &Value::Nil, conses: false });
            Ok(())
        }
    }
}

impl FromWire for Value {
    fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
        read(input)
    }

    fn nil() -> Option<Self> {
        Some(Self::Nil)
    }

    fn expected() -> Cow<'static, str> {
        Cow::Borrowed("a value")
    }
}

/// What is being read.
enum Open<'a> {
    /// A list or a vector.
    Items {
        items: Vec<Value>,
        rest: Rest,
        /// Where to go on after the list, if its end was looked up.
        outer: Option<Decoder<'a>>,
    },
    /// A record: its shape first, and then so many values.
    Record { shape: Option<Value>, values: Vec<Value>, fields: usize },
    /// An object that was looked up, and where to go on after it.
    Lookup { outer: Decoder<'a> },
}

/// What is left of a list or vector that is being read.
enum Rest {
    /// The car of a cons, and then its cdr.
    Car,
    /// The last cdr, which is no list that could be read in place.
    Tail,
    Count(usize),
    Vector(usize),
}

fn read(input: &mut Decoder<'_>) -> Result<Value, WrongType> {
    let mut cursor = input.clone();
    let mut stack = Vec::new();
    loop {
        let Some(mut value) = begin(&mut cursor, &mut stack)? else {
            continue;
        };
        loop {
            let Some(open) = stack.last_mut() else {
                *input = cursor;
                return Ok(value);
            };
            match put(value, open, &mut cursor)? {
                Some(whole) => value = whole,
                None => break,
            }
            stack.pop();
        }
    }
}

/// Reads an atom, or the head of what has parts, which is on the stack then.
fn begin<'a>(
    cursor: &mut Decoder<'a>,
    stack: &mut Vec<Open<'a>>,
) -> Result<Option<Value>, WrongType> {
    let open = match cursor.item()? {
        Item::Cons => Open::Items { items: Vec::new(), rest: Rest::Car, outer: None },
        Item::Sequence { vector: true, count: 0 } => return Ok(Some(Value::vector::<Value>([]))),
        Item::Sequence { vector: false, count: 0 } => return Ok(Some(Value::Nil)),
        Item::Sequence { vector, count } => {
            let items = Vec::with_capacity(count.min(cursor.rest().len()));
            let rest = if vector { Rest::Vector(count) } else { Rest::Count(count) };
            Open::Items { items, rest, outer: None }
        }
        Item::Packed { vector, count, mut elements } => {
            let items = read_packed(count, &mut elements)?;
            return Ok(Some(if vector { Value::vector(items) } else { Value::list(items) }));
        }
        Item::Record { fields } => Open::Record { shape: None, values: Vec::new(), fields },
        Item::Lookup(entry) => Open::Lookup { outer: std::mem::replace(cursor, entry) },
        atom => return self::atom(atom).map(Some),
    };
    stack.push(open);
    Ok(None)
}

fn atom(item: Item<'_>) -> Result<Value, WrongType> {
    Ok(match item {
        Item::Integer(number) => integer(number),
        Item::String(text) => Value::from(&*text),
        Item::Symbol(symbol) => Symbol::new(&symbol.name, &symbol.package).into(),
        Item::Double(double) => Value::Double(double),
        Item::Single(single) => Value::Single(single),
        Item::Octets(octets) => Value::Octets(octets.into()),
        Item::Remote(remote) => Value::from(remote),
        _ => return Err(WrongType::new("a value", "an unknown object")),
    })
}

fn integer(number: Number<'_>) -> Value {
    match number {
        Number::Small(small) => Value::Integer(small),
        big => Value::from(big.to_bigint()),
    }
}

fn read_packed(count: usize, elements: &mut Decoder<'_>) -> Result<Vec<Value>, WrongType> {
    (0..count).map(|_| elements.item().and_then(atom)).collect()
}

/// Puts a value where it belongs in what is being read. What that makes whole comes back.
fn put<'a>(
    value: Value,
    open: &mut Open<'a>,
    cursor: &mut Decoder<'a>,
) -> Result<Option<Value>, WrongType> {
    match open {
        Open::Items { items, rest, outer } => put_item(value, items, rest, outer, cursor),
        Open::Record { shape: shape @ None, .. } => {
            *shape = Some(value);
            Ok(None)
        }
        Open::Record { shape: Some(shape), values, fields } => {
            values.push(value);
            if values.len() < *fields {
                return Ok(None);
            }
            let values = std::mem::take(values);
            let plist = shape.iter().cloned().zip(values).flat_map(|(key, value)| [key, value]);
            Ok(Some(Value::list(plist)))
        }
        Open::Lookup { outer } => {
            *cursor = outer.clone();
            Ok(Some(value))
        }
    }
}

fn put_item<'a>(
    value: Value,
    items: &mut Vec<Value>,
    rest: &mut Rest,
    outer: &mut Option<Decoder<'a>>,
    cursor: &mut Decoder<'a>,
) -> Result<Option<Value>, WrongType> {
    let tail = match rest {
        Rest::Tail => value,
        Rest::Car => {
            items.push(value);
            if !at_tail(items, rest, outer, cursor)? {
                return Ok(None);
            }
            Value::Nil
        }
        Rest::Count(left) | Rest::Vector(left) => {
            items.push(value);
            *left -= 1;
            if *left > 0 {
                return Ok(None);
            }
            Value::Nil
        }
    };
    if let Some(outer) = outer.take() {
        *cursor = outer;
    }
    let items = std::mem::take(items);
    Ok(Some(match rest {
        Rest::Vector(_) => Value::vector(items),
        _ => Value::dotted(items, tail),
    }))
}

/// Goes on with a list after a car: true if it has ended.
///
/// What was looked up is read in place. To read the rest as a value and join it would copy it for
/// each lookup in a row, as many times as the peer likes.
fn at_tail<'a>(
    items: &mut Vec<Value>,
    rest: &mut Rest,
    outer: &mut Option<Decoder<'a>>,
    cursor: &mut Decoder<'a>,
) -> Result<bool, WrongType> {
    if !matches!(cursor.kind(), Kind::List | Kind::Nil) {
        *rest = Rest::Tail;
        return Ok(false);
    }
    loop {
        match cursor.item()? {
            Item::Cons => return Ok(false),
            Item::Lookup(entry) => {
                let after = std::mem::replace(cursor, entry);
                outer.get_or_insert(after);
            }
            Item::Sequence { count, .. } => {
                *rest = Rest::Count(count);
                return Ok(count == 0);
            }
            Item::Packed { count, mut elements, .. } => {
                items.extend(read_packed(count, &mut elements)?);
                return Ok(true);
            }
            _ => return Ok(true), // NIL
        }
    }
}
