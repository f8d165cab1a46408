//! Counts lines, words and bytes as `wc` does.

use std::str;

/// What `wc` counts. The text comes in pieces, cut anywhere.
#[derive(Default)]
pub(crate) struct Count {
    pub(crate) lines: u64,
    pub(crate) words: u64,
    pub(crate) bytes: u64,
    in_word: bool,
    /// The first octets of a character that the last piece has cut.
    cut: Vec<u8>,
}

impl Count {
    pub(crate) fn add(&mut self, piece: &[u8], characters: Characters) {
        self.bytes += piece.len() as u64;
        self.lines += piece.iter().filter(|&&octet| octet == b'\n').count() as u64;
        let mut octets = std::mem::take(&mut self.cut);
        octets.extend_from_slice(piece);
        for chunk in octets.utf8_chunks() {
            for letter in chunk.valid().chars() {
                self.add_letter(letter, characters);
            }
            // Octets that are no character neither make a word nor end one.
            let invalid = str::from_utf8(chunk.invalid());
            let cut = invalid.is_err_and(|error| error.error_len().is_none());
            self.cut = if cut { chunk.invalid().to_vec() } else { Vec::new() };
        }
    }

    fn add_letter(&mut self, letter: char, characters: Characters) {
        match letter {
            ' ' | '\t'..='\r' => self.in_word = false,
            // What cannot be printed neither makes a word nor ends one.
            _ if letter.is_control() || is_unassigned(letter) => {}
            _ if !letter.is_ascii() && characters == Characters::Ascii => {}
            '\u{2028}' | '\u{2029}' => {}
            '\u{2060}' => self.in_word = false,
            _ if letter.is_whitespace() => self.in_word = false,
            _ => {
                self.words += u64::from(!self.in_word);
                self.in_word = true;
            }
        }
    }
}

/// Planes that hold nothing. `wc` knows the smaller gaps as well.
fn is_unassigned(letter: char) -> bool {
    matches!(letter, '\u{323b0}'..='\u{e0000}' | '\u{e01f0}'..='\u{effff}')
}

/// Which characters there are.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum Characters {
    Ascii,
    Unicode,
}

impl Characters {
    /// Those of the locale that this process runs in, which `wc` goes by.
    pub(crate) fn of_locale() -> Self {
        let set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find(|name| set(name));
        let locale = locale.and_then(|name| std::env::var(name).ok()).unwrap_or_default();
        let locale = locale.to_lowercase();
        let unicode = locale.contains("utf-8") || locale.contains("utf8");
        if unicode { Self::Unicode } else { Self::Ascii }
    }
}
