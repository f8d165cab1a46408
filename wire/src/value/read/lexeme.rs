//! The pieces that Lisp text consists of: parentheses, and everything without parts.

use std::sync::Arc;

use num_bigint::BigInt;

use crate::value::read::{ReadError, ReadErrorKind};
use crate::value::symbol::{COMMON_LISP, KEYWORD, USER};
use crate::value::{Symbol, Value};

pub(super) enum Lexeme {
    Open,
    OpenVector,
    Close,
    Quote,
    Dot,
    Value(Value),
    End,
}

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
        let Some(first) = self.peek() else {
            return Ok((at, Lexeme::End));
        };
        let lexeme = match first {
            '(' => self.past(first, Lexeme::Open),
            ')' => self.past(first, Lexeme::Close),
            '\'' => self.past(first, Lexeme::Quote),
            '"' => Lexeme::Value(self.string()?),
            '#' => self.dispatch()?,
            '`' | ',' => return Err(ReadErrorKind::Unsupported(first).at(at)),
            _ => self.token()?,
        };
        Ok((at, lexeme))
    }

    fn past(&mut self, letter: char, lexeme: Lexeme) -> Lexeme {
        self.at += letter.len_utf8();
        lexeme
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn take(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += letter.len_utf8();
        Some(letter)
    }

    /// The next letter of something that must not end here.
    fn demand(&mut self) -> Result<char, ReadError> {
        self.take().ok_or_else(|| ReadErrorKind::Unfinished.at(self.at))
    }

    fn skip_blanks(&mut self) -> Result<(), ReadError> {
        loop {
            let rest = &self.text[self.at..];
            if rest.starts_with("#|") {
                self.skip_comment()?;
            } else if rest.starts_with(';') {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if let Some(blank) = rest.chars().next().filter(|c| c.is_whitespace()) {
                self.at += blank.len_utf8();
            } else {
                return Ok(());
            }
        }
    }

    /// A `#| .. |#` comment, in which others may stand.
    fn skip_comment(&mut self) -> Result<(), ReadError> {
        let mut depth = 0_usize;
        loop {
            let rest = &self.text[self.at..];
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
                self.demand()?;
            }
        }
    }

    fn string(&mut self) -> Result<Value, ReadError> {
        let mut text = String::new();
        self.take();
        loop {
            match self.demand()? {
                '"' => return Ok(Value::from(text)),
                '\\' => text.push(self.demand()?),
                letter => text.push(letter),
            }
        }
    }

    fn dispatch(&mut self) -> Result<Lexeme, ReadError> {
        let at = self.at;
        self.take();
        match self.demand()? {
            '(' => Ok(Lexeme::OpenVector),
            '{' => self.octets().map(Lexeme::Value),
            other => Err(ReadErrorKind::Unsupported(other).at(at)),
        }
    }

    fn octets(&mut self) -> Result<Value, ReadError> {
        let mut octets = Vec::new();
        loop {
            let at = self.at;
            match self.demand()? {
                '}' => return Ok(Value::Octets(octets.into())),
                blank if blank.is_whitespace() => {}
                high => {
                    let digits = (high.to_digit(16), self.demand()?.to_digit(16));
                    let (Some(high), Some(low)) = digits else {
                        return Err(ReadErrorKind::Octets.at(at));
                    };
                    octets.push((high << 4 | low) as u8);
                }
            }
        }
    }

    /// A number or a symbol, or a lone dot.
    fn token(&mut self) -> Result<Lexeme, ReadError> {
        let at = self.at;
        let token = self.read_token()?;
        let raw = &self.text[at..self.at];
        if token.package.is_none() && !token.name.escaped {
            if raw == "." {
                return Ok(Lexeme::Dot);
            }
            if raw.chars().all(|c| c == '.') {
                return Err(ReadErrorKind::Dot.at(at));
            }
            if let Some(number) = number(raw) {
                return number.map(Lexeme::Value).map_err(|kind| kind.at(at));
            }
        }
        token.symbol().map(|symbol| Lexeme::Value(symbol.into())).map_err(|kind| kind.at(at))
    }

    fn read_token(&mut self) -> Result<Token, ReadError> {
        let mut token = Token { package: None, name: Part::default() };
        while let Some(letter) = self.peek().filter(|&c| !ends_token(c)) {
            let at = self.at;
            self.take();
            match letter {
                '\\' => token.name.push_escaped(self.demand()?),
                '|' => self.read_bars(&mut token.name)?,
                ':' => {
                    if token.package.is_some() {
                        return Err(ReadErrorKind::Colon.at(at));
                    }
                    token.package = Some(std::mem::take(&mut token.name));
                    if self.peek() == Some(':') {
                        self.take();
                    }
                }
                _ => token.name.text.push(upper(letter)),
            }
        }
        Ok(token)
    }

    fn read_bars(&mut self, part: &mut Part) -> Result<(), ReadError> {
        part.escaped = true;
        loop {
            match self.demand()? {
                '|' => return Ok(()),
                '\\' => part.push_escaped(self.demand()?),
                letter => part.text.push(letter),
            }
        }
    }
}

fn ends_token(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '(' | ')' | '"' | '\'' | ';' | '`' | ',')
}

/// The letter in upper case where that is one letter, as Lisp's `char-upcase` has it.
pub(crate) fn upper(letter: char) -> char {
    let mut upper = letter.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(upper), None) => upper,
        _ => letter,
    }
}

struct Token {
    package: Option<Part>,
    name: Part,
}

/// One side of a symbol's colons.
#[derive(Default)]
struct Part {
    text: String,
    /// Whether any of it was written with a bar or a backslash, so that it is no number and may be
    /// empty.
    escaped: bool,
}

impl Part {
    fn push_escaped(&mut self, letter: char) {
        self.escaped = true;
        self.text.push(letter);
    }

    fn is_missing(&self) -> bool {
        self.text.is_empty() && !self.escaped
    }
}

impl Token {
    fn symbol(self) -> Result<Symbol, ReadErrorKind> {
        if self.name.is_missing() {
            return Err(ReadErrorKind::Colon);
        }
        let name = &*self.name.text;
        Ok(match self.package {
            Some(package) if package.is_missing() => Symbol::new(name, KEYWORD),
            Some(package) => Symbol::new(name, &package.text),
            None if matches!(name, "T" | "NIL") => Symbol::new(name, COMMON_LISP),
            None => Symbol::new(name, USER),
        })
    }
}

/// The number that a token is, or `None` if it is a symbol.
pub(in crate::value) fn number(token: &str) -> Option<Result<Value, ReadErrorKind>> {
    let unsigned = token.strip_prefix(['+', '-']).unwrap_or(token);
    let whole = digits(unsigned);
    let rest = &unsigned[whole..];
    if whole > 0 && matches!(rest, "" | ".") {
        return Some(Ok(integer(token.trim_end_matches('.'))));
    }
    if let Some(denominator) = rest.strip_prefix('/') {
        let is_ratio =
            whole > 0 && !denominator.is_empty() && digits(denominator) == denominator.len();
        return is_ratio.then_some(Err(ReadErrorKind::Ratio));
    }
    let decimals = rest.strip_prefix('.').map_or(0, digits);
    let pointed = if rest.starts_with('.') { decimals + 1 } else { 0 };
    let exponent = &rest[pointed..];
    let has_exponent = is_exponent(exponent);
    // `.5` and `1.5`, and with an exponent also `1d0` and `1.d0`.
    let is_float =
        (decimals > 0 && exponent.is_empty()) || (has_exponent && (whole > 0 || decimals > 0));
    is_float.then(|| float(&token[..token.len() - exponent.len()], exponent))
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

fn is_exponent(text: &str) -> bool {
    let Some(power) = text.strip_prefix(['e', 's', 'f', 'd', 'l', 'E', 'S', 'F', 'D', 'L']) else {
        return false;
    };
    let power = power.strip_prefix(['+', '-']).unwrap_or(power);
    !power.is_empty() && digits(power) == power.len()
}

fn integer(digits: &str) -> Value {
    match digits.parse() {
        Ok(small) => Value::Integer(small),
        Err(_) => digits.parse().map_or(Value::Nil, |big: BigInt| Value::Bignum(Arc::new(big))),
    }
}

fn float(mantissa: &str, exponent: &str) -> Result<Value, ReadErrorKind> {
    let (mark, power) = exponent.split_at(exponent.len().min(1));
    let power = if power.is_empty() { "0" } else { power };
    let text = format!("{mantissa}e{power}");
    let value = if matches!(mark, "d" | "D" | "l" | "L") {
        text.parse().map(Value::Double)
    } else {
        text.parse().map(Value::Single)
    };
    match value {
        Ok(value) if value.as_float().is_some_and(f64::is_finite) => Ok(value),
        _ => Err(ReadErrorKind::FloatRange),
    }
}
