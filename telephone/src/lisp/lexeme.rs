//! The pieces that Lisp text consists of: parentheses, prefixes, and everything without parts.

use num_bigint::BigInt;
use wire::Symbol;

use crate::lisp::character;
use crate::lisp::error::{ReadError, ReadErrorKind};
use crate::lisp::form::{COMMON_LISP, Form, USER};
use crate::lisp::number::number;

pub(super) enum Lexeme {
    Open,
    OpenVector,
    Close,
    Prefix(Prefix),
    Dot,
    Form(Form),
    End,
}

/// What stands in front of a form and makes a list of two of it.
#[derive(Clone, Copy)]
pub(super) struct Prefix {
    pub(super) mark: &'static str,
    pub(super) symbol: &'static str,
}

/// Longer marks before those that they begin with. The printer uses the same ones.
pub(super) const PREFIXES: [Prefix; 5] = [
    Prefix { mark: "'", symbol: "QUOTE" },
    Prefix { mark: "`", symbol: "QUASIQUOTE" },
    Prefix { mark: ",@", symbol: "UNQUOTE-SPLICING" },
    Prefix { mark: ",", symbol: "UNQUOTE" },
    Prefix { mark: "#'", symbol: "FUNCTION" },
];

pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The next piece, and where it begins.
    pub(super) fn next(&mut self) -> Result<(usize, Lexeme), ReadError> {
        self.skip_blanks()?;
        let at = self.at;
        let rest = self.rest();
        if let Some(prefix) = PREFIXES.into_iter().find(|prefix| rest.starts_with(prefix.mark)) {
            return Ok((at, self.past(prefix.mark, Lexeme::Prefix(prefix))));
        }
        let Some(first) = self.peek() else {
            return Ok((at, Lexeme::End));
        };
        let lexeme = match first {
            '(' => self.past("(", Lexeme::Open),
            ')' => self.past(")", Lexeme::Close),
            '"' => Lexeme::Form(self.string()?),
            '#' => self.dispatch()?,
            _ => self.token()?,
        };
        Ok((at, lexeme))
    }

    fn past(&mut self, mark: &str, lexeme: Lexeme) -> Lexeme {
        self.at += mark.len();
        lexeme
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += letter.len_utf8();
        Some(letter)
    }

    /// The next letter of something that began there and must not end here.
    fn demand(&mut self, began: usize) -> Result<char, ReadError> {
        self.take().ok_or_else(|| ReadErrorKind::Unfinished { began }.at(self.at))
    }

    fn skip_blanks(&mut self) -> Result<(), ReadError> {
        loop {
            let rest = self.rest();
            if rest.starts_with("#|") {
                self.skip_comment()?;
            } else if rest.starts_with(';') {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if let Some(blank) = self.peek().filter(|c| c.is_whitespace()) {
                self.at += blank.len_utf8();
            } else {
                return Ok(());
            }
        }
    }

    /// A `#| .. |#` comment, in which others may stand.
    fn skip_comment(&mut self) -> Result<(), ReadError> {
        let began = self.at;
        let mut depth = 0_usize;
        loop {
            let rest = self.rest();
            if rest.starts_with("#|") {
                depth += 1;
                self.at += 2;
            } else if rest.starts_with("|#") {
                depth -= 1;
                self.at += 2;
                if depth == 0 {
                    return Ok(());
                }
            } else {
                self.demand(began)?;
            }
        }
    }

    fn string(&mut self) -> Result<Form, ReadError> {
        let began = self.at;
        let mut text = String::new();
        self.take();
        loop {
            match self.demand(began)? {
                '"' => return Ok(Form::String(text)),
                '\\' => text.push(self.demand(began)?),
                letter => text.push(letter),
            }
        }
    }

    /// What begins with `#`; comments and prefixes that do are read already.
    fn dispatch(&mut self) -> Result<Lexeme, ReadError> {
        let at = self.at;
        self.take();
        match self.demand(at)? {
            '(' => Ok(Lexeme::OpenVector),
            '\\' => self.character(at).map(Lexeme::Form),
            'x' | 'X' => self.based(at, 16),
            'o' | 'O' => self.based(at, 8),
            'b' | 'B' => self.based(at, 2),
            other => {
                let word = self.word();
                let form = match (other, &*word) {
                    ('t', "" | "rue") => Form::t(),
                    ('f', "" | "alse") => Form::nil(),
                    _ => return Err(ReadErrorKind::Unsupported(format!("#{other}")).at(at)),
                };
                Ok(Lexeme::Form(form))
            }
        }
    }

    fn character(&mut self, at: usize) -> Result<Form, ReadError> {
        let first = self.demand(at)?;
        let name = format!("{first}{}", self.word());
        let letter = character::named(&name);
        letter.map(Form::Character).ok_or_else(|| ReadErrorKind::Character(name).at(at))
    }

    fn based(&mut self, at: usize, radix: u32) -> Result<Lexeme, ReadError> {
        let digits = self.word();
        let integer = BigInt::parse_bytes(digits.as_bytes(), radix);
        // It lets digits be parted by underscores, which Lisp does not.
        let integer = integer.filter(|_| !digits.contains('_'));
        let raw = &self.text[at..self.at];
        let error = || ReadErrorKind::Digits(raw.to_owned()).at(at);
        integer.map(|integer| Lexeme::Form(Form::Integer(integer))).ok_or_else(error)
    }

    /// The letters up to where a token ends.
    fn word(&mut self) -> String {
        let rest = self.rest();
        let word = &rest[..rest.find(ends_token).unwrap_or(rest.len())];
        self.at += word.len();
        word.to_owned()
    }

    /// A number or a symbol, or a lone dot.
    fn token(&mut self) -> Result<Lexeme, ReadError> {
        let at = self.at;
        self.skip_token()?;
        let token = &self.text[at..self.at];
        // What is escaped is no number, and a package has none.
        if !token.contains([':', '|', '\\']) {
            if token == "." {
                return Ok(Lexeme::Dot);
            }
            if token.chars().all(|c| c == '.') {
                return Err(ReadErrorKind::Dot.at(at));
            }
            if let Some(number) = number(token) {
                return number.map(Lexeme::Form).map_err(|kind| kind.at(at));
            }
        }
        // A token that is whole can only be wrong in its colons.
        let symbol = Symbol::read(token).map_err(|error| ReadErrorKind::Colon.at(at + error.at))?;
        Ok(Lexeme::Form(Form::Symbol(found(symbol))))
    }

    fn skip_token(&mut self) -> Result<(), ReadError> {
        let began = self.at;
        let mut in_bars = false;
        while let Some(letter) = self.peek().filter(|&c| in_bars || !ends_token(c)) {
            self.take();
            match letter {
                '\\' => drop(self.demand(began)?),
                '|' => in_bars = !in_bars,
                _ => {}
            }
        }
        if in_bars { Err(ReadErrorKind::Unfinished { began }.at(self.at)) } else { Ok(()) }
    }
}

fn ends_token(letter: char) -> bool {
    letter.is_whitespace() || "()\"';`,".contains(letter)
}

/// The symbol that a name means here: Lisp's own are found in the user's package too, and print
/// without a package.
fn found(symbol: Symbol) -> Symbol {
    match (symbol.package(), symbol.name()) {
        ("CL" | COMMON_LISP | "CL-USER", name @ ("T" | "NIL")) => Symbol::new(name, COMMON_LISP),
        ("CL" | COMMON_LISP | "CL-USER", name) => Symbol::new(name, USER),
        _ => symbol,
    }
}
