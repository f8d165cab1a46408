//! Symbols, whole the first time and by their index from then on.

use std::borrow::Cow;

use crate::codec::encode::Encoder;
use crate::codec::encode::atom::length;
use crate::codec::error::Unsendable;
use crate::codec::op::Op;
use crate::codec::scan::NODE;
use crate::codec::sent::SymbolSite;
use crate::codec::text::{COMMON_LISP, KEYWORD};
use crate::value::Symbol;

/// The name of a function.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Name<'a> {
    /// One that is known where the program is compiled.
    Site(&'static SymbolSite),
    /// One that is computed.
    Dynamic {
        /// The symbol's name.
        name: &'a str,
        /// The name of its package.
        package: &'a str,
    },
}

impl<'a> Name<'a> {
    /// The symbol's name.
    pub fn name(&self) -> &'a str {
        match self {
            Self::Site(site) => site.name(),
            Self::Dynamic { name, .. } => name,
        }
    }

    /// The name of its package.
    pub fn package(&self) -> &'a str {
        match self {
            Self::Site(site) => site.package(),
            Self::Dynamic { package, .. } => package,
        }
    }

    /// How the function is named in errors.
    pub(crate) fn label(&self) -> Cow<'static, str> {
        match self {
            Self::Site(site) => Cow::Borrowed(site.name()),
            Self::Dynamic { name, package: "COMMON-LISP-USER" } => Cow::Owned((*name).to_owned()),
            Self::Dynamic { name, package } => Cow::Owned(format!("{package}:{name}")),
        }
    }
}

impl<'a> From<&'a Symbol> for Name<'a> {
    fn from(symbol: &'a Symbol) -> Self {
        Self::Dynamic { name: symbol.name(), package: symbol.package() }
    }
}

pub(super) static NIL: SymbolSite = SymbolSite::new("NIL", COMMON_LISP);
pub(super) static T: SymbolSite = SymbolSite::new("T", COMMON_LISP);

impl Encoder<'_> {
    /// Writes a symbol.
    ///
    /// # Errors
    /// Its name has a character that the peer cannot read, or the object around it becomes too
    /// large.
    pub fn symbol(&mut self, name: &str, package: &str) -> Result<(), Unsendable> {
        let text = self.peer.text;
        let encode =
            |text: Result<_, _>| text.map_err(|character| Unsendable::Character { character });
        let (name, package) = (encode(text.encode(name))?, encode(text.encode(package))?);
        match self.sent.as_mut().and_then(|sent| sent.symbol(&name, &package)) {
            Some(index) => self.look_up(index, symbol_weight(&name, &package)),
            None => self.new_symbol(&name, &package).map(|_| ()),
        }
    }

    /// Writes a symbol that is known where the program is compiled.
    ///
    /// # Errors
    /// The object around it becomes too large.
    #[inline]
    pub fn site(&mut self, site: &'static SymbolSite) -> Result<(), Unsendable> {
        match self.index(site) {
            // What is at an index has been sent, so its octets have been checked.
            Some(index) => self.look_up(index, self.site_weight(site)),
            None => self.new_site(site),
        }
    }

    /// Writes a keyword.
    ///
    /// # Errors
    /// As for [`symbol`](Self::symbol).
    pub fn keyword(&mut self, name: &str) -> Result<(), Unsendable> {
        self.symbol(name, KEYWORD)
    }

    /// Writes `NIL`: nothing, false, the empty list.
    ///
    /// # Errors
    /// The object around it becomes too large.
    #[inline]
    pub fn nil(&mut self) -> Result<(), Unsendable> {
        self.site(&NIL)
    }

    /// Writes `T` or `NIL`.
    ///
    /// # Errors
    /// The object around it becomes too large.
    #[inline]
    pub fn boolean(&mut self, truth: bool) -> Result<(), Unsendable> {
        self.site(if truth { &T } else { &NIL })
    }

    /// Writes a function's name.
    pub(super) fn name(&mut self, name: Name<'_>) -> Result<(), Unsendable> {
        match name {
            Name::Site(site) => self.site(site),
            Name::Dynamic { name, package } => self.symbol(name, package),
        }
    }

    /// The index of a site's symbol, if it was sent.
    #[inline]
    pub(super) fn index(&self, site: &'static SymbolSite) -> Option<u32> {
        self.sent.as_ref().and_then(|sent| sent.drawn(site.number()))
    }

    /// What a site's symbol weighs: in Latin-1 a character is one octet.
    #[inline]
    pub(super) fn site_weight(&self, site: &'static SymbolSite) -> u64 {
        self.text_len(site.name()) + self.text_len(site.package()) + NODE
    }

    #[inline]
    pub(super) fn text_len(&self, text: &str) -> u64 {
        match self.peer.text {
            crate::codec::text::Text::Utf8 => text.len() as u64,
            crate::codec::text::Text::Latin1 => text.chars().count() as u64,
        }
    }

    /// The first use at this site: the same symbol may have been sent from another.
    #[cold]
    fn new_site(&mut self, site: &'static SymbolSite) -> Result<(), Unsendable> {
        self.symbol(site.name(), site.package())?;
        let text = self.peer.text;
        if let (Some(sent), Ok(name), Ok(package)) =
            (self.sent.as_mut(), text.encode(site.name()), text.encode(site.package()))
        {
            if let Some(index) = sent.symbol(&name, &package) {
                sent.note_drawn(site.number(), index);
            }
        }
        Ok(())
    }

    fn new_symbol(&mut self, name: &[u8], package: &[u8]) -> Result<(), Unsendable> {
        self.charge(symbol_weight(name, package))?;
        let (name_len, package_len) = (length(name.len())?, length(package.len())?);
        let index = self.sent.as_mut().and_then(|sent| sent.save_symbol(name, package));
        if let Some(index) = index {
            self.save(index);
        }
        self.buf.extend_from_slice(&[Op::Symbol.byte()]);
        self.buf.extend_from_slice(&name_len.to_be_bytes());
        self.buf.extend_from_slice(name);
        self.buf.extend_from_slice(&package_len.to_be_bytes());
        self.buf.extend_from_slice(package);
        self.complete();
        Ok(())
    }

    /// The header that keeps the next object at `index`.
    pub(super) fn save(&mut self, index: u32) {
        self.buf.extend_from_slice(&[Op::Save.byte()]);
        self.buf.extend_from_slice(&index.to_be_bytes());
    }

    /// Writes the object at `index`, which weighs so much.
    #[inline]
    pub(super) fn look_up(&mut self, index: u32, weight: u64) -> Result<(), Unsendable> {
        self.charge(weight)?;
        if self.reads(Op::ShortLookup) {
            match index {
                0..=0x7f => self.buf.extend_from_slice(&[Op::ShortLookup.byte(), index as u8]),
                _ => {
                    self.buf.extend_from_slice(&[Op::ShortLookup.byte()]);
                    self.varint(index);
                }
            }
        } else {
            let index = index.to_be_bytes();
            let op = Op::Lookup.byte();
            self.buf.extend_from_slice(&[op, index[0], index[1], index[2], index[3]]);
        }
        self.complete();
        Ok(())
    }

    #[inline]
    pub(super) fn varint(&mut self, value: u32) {
        varint(value, |octet| self.buf.extend_from_slice(&[octet]));
    }
}

/// Seven bits an octet, the low ones first.
#[inline]
pub(super) fn varint(mut value: u32, mut push: impl FnMut(u8)) {
    while value > 0x7f {
        push(value as u8 | 0x80);
        value >>= 7;
    }
    push(value as u8);
}

/// What the peer's scanner charges for a symbol.
pub(super) fn symbol_weight(name: &[u8], package: &[u8]) -> u64 {
    NODE + name.len() as u64 + package.len() as u64
}
