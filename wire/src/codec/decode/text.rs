//! Strings and symbols.

use std::borrow::Cow;

use crate::codec::decode::Decoder;
use crate::codec::error::WrongType;
use crate::codec::op::Op;
use crate::codec::text::{SymbolParts, SymbolRef, Text, bare_string};

impl<'a> Decoder<'a> {
    /// Reads a string.
    ///
    /// # Errors
    /// Something else stands there, or octets that are not text.
    #[inline]
    pub fn string(&mut self) -> Result<Cow<'a, str>, WrongType> {
        match self.plain_string() {
            Some(text) => Ok(Cow::Borrowed(text)),
            None => self.other_string(),
        }
    }

    /// A string as it stands, if it was never saved.
    #[inline]
    fn plain_string(&mut self) -> Option<&'a str> {
        let (octets, rest) = self.plain(Op::String).and_then(bare_string)?;
        if self.text != Text::Utf8 {
            return None;
        }
        let text = match self.known_text(octets) {
            Some(text) => text,
            None => std::str::from_utf8(octets).ok()?,
        };
        self.input = rest;
        Some(text)
    }

    fn other_string(&mut self) -> Result<Cow<'a, str>, WrongType> {
        let octets = self.counted(Op::String, "a string")?;
        match self.text.decode(octets.0) {
            Some(text) => {
                self.input = octets.1;
                Ok(text)
            }
            None => Err(WrongType::new("a string", "octets that are not UTF-8")),
        }
    }

    /// Reads a symbol, `NIL` too.
    ///
    /// # Errors
    /// Something else stands there, or a name that is not text.
    #[inline]
    pub fn symbol(&mut self) -> Result<SymbolRef<'a>, WrongType> {
        let Some(here) = self.objects() else { return Err(self.wrong("a symbol")) };
        let Some((parts, rest)) = SymbolParts::read(here.object) else {
            return Err(self.wrong("a symbol"));
        };
        let symbol = parts
            .decode(self.text)
            .ok_or_else(|| WrongType::new("a symbol", "a name that is not UTF-8"))?;
        self.input = here.after.unwrap_or(rest);
        Ok(symbol)
    }

    /// Reads a keyword, and gives its name. `type_name` is for the error.
    ///
    /// # Errors
    /// Something else stands there.
    pub fn keyword(&mut self, type_name: &str) -> Result<Cow<'a, str>, WrongType> {
        let mut ahead = self.clone();
        match ahead.symbol() {
            Ok(symbol) if symbol.is_keyword() => {
                self.input = ahead.input;
                Ok(symbol.name)
            }
            _ => Err(self.wrong(format!("a keyword ({type_name})"))),
        }
    }
}
