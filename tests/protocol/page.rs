//! The page's examples: blocks of entries, each a line that says what octets mean, and the octets.
//!
//! ````text
//! ```wire objects classic
//! (1 . 2)                      ; a line at the margin says what the octets mean
//!   0d                         ; indented lines have them, in hex and in quotes
//!     07 00000001
//!     07 00000002
//! ```
//! ````

use std::collections::HashMap;

/// The page.
pub(crate) const PAGE: &str = include_str!("../../docs/protocol.md");

/// One fenced block of the page.
#[derive(Debug)]
pub(crate) struct Block {
    /// What stands behind the fence.
    pub(crate) header: String,
    pub(crate) entries: Vec<Entry>,
}

/// What is said at the margin, and the octets below it.
#[derive(Debug)]
pub(crate) struct Entry {
    /// In the page, the first being 1.
    pub(crate) line: usize,
    pub(crate) said: String,
    pub(crate) octets: Vec<Octet>,
}

/// One octet of an example.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Octet {
    Is(u8),
    /// One of the four of a number that is another each time.
    Of(&'static str, usize),
}

/// The numbers that the page gives names.
const NAMED: &[&str] = &["HOST", "PROCESS", "OBJECT"];

/// All blocks whose fence says `wire`.
pub(crate) fn blocks() -> Vec<Block> {
    let (mut blocks, mut open) = (Vec::new(), None::<Block>);
    for (number, text) in (1..).zip(PAGE.lines()) {
        match (&mut open, text.strip_prefix("```")) {
            (None, Some(fence)) => {
                let header = fence.strip_prefix("wire ").map(str::to_owned);
                open = header.map(|header| Block { header, entries: Vec::new() });
            }
            (Some(_), Some("")) => blocks.extend(open.take()),
            (Some(block), _) => read_line(block, number, text),
            (None, None) => {}
        }
    }
    blocks
}

fn read_line(block: &mut Block, line: usize, text: &str) {
    let meant = without_comment(text);
    if meant.is_empty() {
    } else if !meant.starts_with(' ') {
        block.entries.push(Entry { line, said: meant.to_owned(), octets: Vec::new() });
    } else {
        let entry = block.entries.last_mut();
        let entry = entry.unwrap_or_else(|| panic!("line {line}: octets of nothing"));
        entry.octets.extend(octets(line, meant));
    }
}

/// The line up to its comment, which begins at a semicolon outside of quotes.
fn without_comment(text: &str) -> &str {
    let mut quoted = false;
    let end = text.find(|c| {
        quoted ^= c == '"';
        c == ';' && !quoted
    });
    text[..end.unwrap_or(text.len())].trim_end()
}

fn octets(line: usize, text: &str) -> Vec<Octet> {
    let mut octets = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix('"') {
            let (text, after) = quoted.split_once('"').expect("a quote is closed");
            assert!(text.is_ascii(), "line {line}: {text} is more than ASCII");
            octets.extend(text.bytes().map(Octet::Is));
            rest = after.trim_start();
            continue;
        }
        let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
        if let Some(name) = NAMED.iter().find(|name| **name == word) {
            octets.extend((0..4).map(|at| Octet::Of(name, at)));
        } else {
            octets.extend(hex(word).unwrap_or_else(|| panic!("line {line}: {word}")));
        }
        rest = after.trim_start();
    }
    octets
}

fn hex(word: &str) -> Option<Vec<Octet>> {
    let pairs = word.as_bytes().chunks(2);
    pairs
        .map(|pair| match pair {
            [_, _] => {
                let pair = std::str::from_utf8(pair).ok()?;
                u8::from_str_radix(pair, 16).ok().map(Octet::Is)
            }
            _ => None,
        })
        .collect()
}

/// What the named numbers are this time.
#[derive(Debug, Default)]
pub(crate) struct Numbers(HashMap<&'static str, [u8; 4]>);

impl Numbers {
    pub(crate) fn set(&mut self, name: &'static str, number: u32) {
        self.0.insert(name, number.to_be_bytes());
    }

    /// The octets of an entry.
    pub(crate) fn octets(&self, entry: &Entry) -> Vec<u8> {
        let octet = |octet: &Octet| match octet {
            Octet::Is(octet) => *octet,
            Octet::Of(name, at) => self.0.get(name).unwrap_or_else(|| panic!("{name}"))[*at],
        };
        entry.octets.iter().map(octet).collect()
    }

    /// The same for octets that came, from which a number that has none yet takes it.
    pub(crate) fn octets_like(&mut self, entry: &Entry, came: &[u8]) -> Vec<u8> {
        for (index, octet) in entry.octets.iter().enumerate() {
            if let (Octet::Of(name, 0), Some(number)) = (octet, came.get(index..index + 4)) {
                let number = number.try_into().expect("four octets");
                self.0.entry(name).or_insert(number);
            }
        }
        self.octets(entry)
    }

    /// What the entry says, with the numbers in it.
    pub(crate) fn said(&self, entry: &Entry) -> String {
        let mut said = entry.said.clone();
        for (name, number) in &self.0 {
            said = said.replace(name, &u32::from_be_bytes(*number).to_string());
        }
        said
    }
}
