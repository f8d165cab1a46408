//! The reader: text to forms, by a stack of the lists that are open.

use crate::lisp::Form;
use crate::lisp::error::{ReadError, ReadErrorKind};
use crate::lisp::lexeme::{Lexeme, Lexer, Prefix};

/// How deep forms may nest. The reader itself would go on until memory ends; whoever walks a form
/// afterwards is glad of a bound, and code or data that people write stays below a hundred.
pub const MAX_DEPTH: usize = 10_000;
/// How long a text may be: what a queue takes of a command is less, and an answer may be more.
pub const MAX_OCTETS: usize = 64 << 20;

impl Form {
    /// Reads all the forms of a text, as Common Lisp's reader does.
    ///
    /// Symbols are folded to upper case outside of `|..|` and `\`, and are of `COMMON-LISP-USER`
    /// unless they say otherwise. Read are integers (`#xFF`, `#o17` and `#b1` too), ratios, floats,
    /// `#\characters`, strings, symbols, lists, dotted pairs, `#(vectors)`, `'`, `` ` ``, `,`, `,@`,
    /// `#'`, Scheme's `#t` and `#f`, and `;` and `#| |#` comments. Other macros of the reader are
    /// errors; `#.`, which runs code, is one of them.
    ///
    /// # Errors
    /// [`ReadError`], which says where and why. [`MAX_DEPTH`] and [`MAX_OCTETS`] are limits.
    pub fn read_all(text: &str) -> Result<Vec<Self>, ReadError> {
        if text.len() > MAX_OCTETS {
            let kind = ReadErrorKind::Size { octets: text.len(), limit: MAX_OCTETS };
            return Err(kind.at(MAX_OCTETS));
        }
        Reader { lexer: Lexer::new(text), open: Vec::new(), whole: Vec::new() }.run()
    }
}

struct Reader<'a> {
    lexer: Lexer<'a>,
    open: Vec<Open>,
    whole: Vec<Form>,
}

/// A list that has not been closed, or a prefix that waits for its form.
struct Open {
    began: usize,
    what: What,
}

enum What {
    List { items: Vec<Form>, tail: Tail },
    Vector(Vec<Form>),
    Prefix(Prefix),
}

/// What stands after a list's dot.
enum Tail {
    NoDot,
    Wanted,
    Read(Form),
}

impl Reader<'_> {
    fn run(mut self) -> Result<Vec<Form>, ReadError> {
        loop {
            let (at, lexeme) = self.lexer.next()?;
            match lexeme {
                Lexeme::Open => {
                    self.begin(at, What::List { items: Vec::new(), tail: Tail::NoDot })?;
                }
                Lexeme::OpenVector => self.begin(at, What::Vector(Vec::new()))?,
                Lexeme::Prefix(prefix) => self.begin(at, What::Prefix(prefix))?,
                Lexeme::Dot => self.dot().map_err(|kind| kind.at(at))?,
                Lexeme::Close => {
                    let form = close(self.open.pop()).map_err(|kind| kind.at(at))?;
                    self.put(form).map_err(|kind| kind.at(at))?;
                }
                Lexeme::Form(form) => self.put(form).map_err(|kind| kind.at(at))?,
                Lexeme::End => match self.open.first() {
                    Some(Open { began, .. }) => {
                        return Err(ReadErrorKind::Unfinished { began: *began }.at(at));
                    }
                    None => return Ok(self.whole),
                },
            }
        }
    }

    fn begin(&mut self, began: usize, what: What) -> Result<(), ReadError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(ReadErrorKind::Depth { limit: MAX_DEPTH }.at(began));
        }
        self.open.push(Open { began, what });
        Ok(())
    }

    fn dot(&mut self) -> Result<(), ReadErrorKind> {
        match self.open.last_mut().map(|open| &mut open.what) {
            Some(What::List { items, tail: tail @ Tail::NoDot }) if !items.is_empty() => {
                *tail = Tail::Wanted;
                Ok(())
            }
            _ => Err(ReadErrorKind::Dot),
        }
    }

    /// Puts a form where it belongs in the innermost open list.
    fn put(&mut self, mut form: Form) -> Result<(), ReadErrorKind> {
        while let Some(Open { what: What::Prefix(prefix), .. }) = self.open.last() {
            form = Form::list([Form::symbol(prefix.symbol), form]);
            self.open.pop();
        }
        match self.open.last_mut().map(|open| &mut open.what) {
            Some(What::List { items, tail: Tail::NoDot } | What::Vector(items)) => items.push(form),
            Some(What::List { tail: tail @ Tail::Wanted, .. }) => *tail = Tail::Read(form),
            Some(What::List { tail: Tail::Read(_), .. } | What::Prefix(_)) => {
                return Err(ReadErrorKind::Dot);
            }
            None => self.whole.push(form),
        }
        Ok(())
    }
}

fn close(open: Option<Open>) -> Result<Form, ReadErrorKind> {
    match open.map(|open| open.what) {
        Some(What::List { items, tail: Tail::NoDot }) => Ok(Form::list(items)),
        Some(What::List { items, tail: Tail::Read(tail) }) => Ok(Form::dotted(items, tail)),
        Some(What::List { tail: Tail::Wanted, .. }) => Err(ReadErrorKind::Dot),
        Some(What::Vector(items)) => Ok(Form::vector(items)),
        Some(What::Prefix(prefix)) => Err(ReadErrorKind::Lone(prefix.mark)),
        None => Err(ReadErrorKind::Close),
    }
}
