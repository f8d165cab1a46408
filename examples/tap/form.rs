//! Objects as a Lisp programmer writes them.

use wire::codec::{Decoder, FunctionRef, Item, Kind, NoTokens, Received, SymbolRef, Text};
use wire::{FromWire, Symbol, Unwound, Value, WrongType};

use super::line::{Cut, Line, Written};

/// Calls and data, written from their octets.
///
/// No tree is built, and nothing is looked at that there is no room for: of a list of a million
/// elements only the first few. It recurses as deep as the scanner lets objects nest.
pub(crate) struct Form<'a> {
    line: Line,
    received: &'a Received,
    /// What stands before data in a call: after a backquote, calls may stand among them.
    quote: &'static str,
}

impl<'a> Form<'a> {
    /// Nothing yet, and room for so many characters. `nested` says that calls stand among arguments.
    pub(crate) fn new(room: usize, received: &'a Received, nested: bool) -> Self {
        Self { line: Line::new(room), received, quote: if nested { "`" } else { "'" } }
    }

    /// What was written, of an object of so many octets.
    pub(crate) fn finish(self, written: Written, octets: u64) -> String {
        self.line.finish(written, octets)
    }

    /// A call. It evaluates its arguments, so data are quoted.
    pub(crate) fn call(
        &mut self,
        function: &FunctionRef<'_>,
        count: u8,
        arguments: &mut Decoder<'_>,
    ) -> Written {
        self.line.put("(")?;
        match (function.symbol(self.received), function) {
            (Some(name), _) => self.symbol(&name)?,
            (None, FunctionRef::Index(index)) => self.line.put(&format!("#<saved {index}>"))?,
            (None, _) => self.line.put("#<no symbol>")?,
        }
        for _ in 0..count {
            self.line.put(" ")?;
            self.argument(arguments)?;
        }
        self.line.put(")")
    }

    /// Values side by side.
    pub(crate) fn values(&mut self, count: usize, values: &mut Decoder<'_>) -> Written {
        if count == 0 {
            return self.line.put("no values");
        }
        (0..count).try_for_each(|index| {
            self.line.put(if index > 0 { ", " } else { "" })?;
            self.datum(values)
        })
    }

    /// Values that stand in one list.
    pub(crate) fn listed_values(&mut self, list: &mut Decoder<'_>) -> Written {
        match list.kind() {
            Kind::Nil => self.line.put("no values"),
            Kind::List => self.elements(list, ", "),
            _ => self.datum(list),
        }
    }

    /// The reason of an unwinding, in words if it is one that this library knows.
    pub(crate) fn reason(&mut self, reason: &mut Decoder<'_>) -> Written {
        let Ok(unwound) = Unwound::from_wire(&mut reason.clone()) else {
            return self.datum(reason);
        };
        let (condition, message) = (unwound.condition().map(Symbol::name), unwound.message());
        self.line.put(condition.unwrap_or("no reason given"))?;
        self.line.put(if message.is_empty() { "" } else { ": " })?;
        self.line.put(message)?;
        unwound.location().map_or(Ok(()), |location| self.line.put(&format!(" (at {location})")))
    }

    /// An object as it is. A call in it is one that the reader evaluates.
    pub(crate) fn datum(&mut self, input: &mut Decoder<'_>) -> Written {
        match input.kind() {
            Kind::Call => {
                self.line.put(",")?;
                self.nested_call(input)
            }
            Kind::Symbol => {
                let name = either(input, self.received, Decoder::symbol)?;
                self.symbol(&name)
            }
            Kind::String => self.string(input),
            Kind::Octets => self.octets(input.octets()?),
            Kind::Remote => self.line.put(&format!("#<remote {}>", input.token()?)),
            kind @ (Kind::List | Kind::Record | Kind::Vector) => {
                self.line.put(if kind == Kind::Vector { "#(" } else { "(" })?;
                self.elements(input, " ")?;
                self.line.put(")")
            }
            Kind::End => Err(Cut),
            // As for debugging, which is bounded: all digits of a long integer take minutes.
            _ => self.line.put(&format!("{:?}", Value::from_wire(input)?)),
        }
    }

    fn argument(&mut self, input: &mut Decoder<'_>) -> Written {
        let quote = match input.kind() {
            Kind::Call => return self.nested_call(input),
            Kind::Symbol => {
                let name = either(&mut input.clone(), self.received, Decoder::symbol)?;
                if name.is_keyword() || name.is("T", "COMMON-LISP") { "" } else { "'" }
            }
            Kind::List | Kind::Record => self.quote,
            Kind::Vector if self.quote == "`" => self.quote,
            _ => "",
        };
        self.line.put(quote)?;
        self.datum(input)
    }

    fn nested_call(&mut self, input: &mut Decoder<'_>) -> Written {
        let head = input.call_head()?;
        self.call(&head.function, head.argc, input)
    }

    /// What is in a list, a vector or a record, in whichever form it has there.
    fn elements(&mut self, input: &mut Decoder<'_>, between: &str) -> Written {
        let mut cursor = input.clone();
        // Where to go on after what was looked up. A list's rest may be, and the rest of that again.
        let mut after = None;
        let mut space = "";
        loop {
            match cursor.kind() {
                Kind::List | Kind::Record => {}
                Kind::Vector if space.is_empty() => {}
                Kind::Nil => {
                    cursor.skip()?;
                    break;
                }
                _ => {
                    self.line.put(" . ")?;
                    self.datum(&mut cursor)?;
                    break;
                }
            }
            match cursor.item()? {
                Item::Lookup(entry) => {
                    let outer = std::mem::replace(&mut cursor, entry);
                    after.get_or_insert(outer);
                }
                Item::Cons => {
                    self.line.put(space)?;
                    self.datum(&mut cursor)?;
                    space = between;
                }
                all => {
                    self.all(all, &mut cursor, space, between)?;
                    break;
                }
            }
        }
        *input = after.unwrap_or(cursor);
        Ok(())
    }

    /// The elements of what knows how many there are; `input` stands behind its head.
    fn all<'s>(
        &mut self,
        head: Item<'_>,
        input: &mut Decoder<'_>,
        mut space: &'s str,
        between: &'s str,
    ) -> Written {
        let mut element = |input: &mut Decoder<'_>| {
            self.line.put(std::mem::replace(&mut space, between))?;
            self.datum(input)
        };
        match head {
            Item::Sequence { count, .. } => (0..count).try_for_each(|_| element(input)),
            Item::Packed { count, mut elements, .. } => {
                (0..count).try_for_each(|_| element(&mut elements))
            }
            Item::Record { .. } => {
                // The shape, a list of keys, stands before the values.
                let mut shape = input.clone();
                input.skip()?;
                let mut keys = shape.list()?;
                while let Some(key) = keys.next()? {
                    element(key)?;
                    element(input)?;
                }
                Ok(())
            }
            _ => Err(Cut),
        }
    }

    fn symbol(&mut self, symbol: &SymbolRef<'_>) -> Written {
        self.line.put(&Symbol::new(&symbol.name, &symbol.package).to_string())
    }

    fn string(&mut self, input: &mut Decoder<'_>) -> Written {
        let text = either(input, self.received, Decoder::string)?;
        self.line.put("\"")?;
        for letter in text.chars() {
            if matches!(letter, '"' | '\\') {
                self.line.push('\\')?;
            }
            self.line.push(letter)?;
        }
        self.line.put("\"")
    }

    /// As the library prints them.
    fn octets(&mut self, octets: &[u8]) -> Written {
        let mut space = "";
        self.line.put("#{")?;
        for octet in octets {
            self.line.put(&format!("{space}{octet:02x}"))?;
            space = " ";
        }
        self.line.put("}")
    }
}

/// Reads text as UTF-8, or else as Latin-1, which any octets are: nobody tells us which it is, and
/// words in Latin-1 are hardly ever UTF-8 as well.
fn either<'x: 'd, 'd, T>(
    input: &mut Decoder<'x>,
    received: &'d Received,
    read: impl Fn(&mut Decoder<'d>) -> Result<T, WrongType>,
) -> Result<T, WrongType> {
    let mut latin1 = Decoder::new(input.rest(), received, Text::Latin1, &NoTokens);
    let text = read(&mut input.clone()).or_else(|_| read(&mut latin1))?;
    input.skip()?;
    Ok(text)
}
