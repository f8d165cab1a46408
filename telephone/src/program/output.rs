//! Results on standard output, everything else on standard error.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::{Exit, Failed};

/// Where the program says what it has to say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    pub(crate) json: bool,
}

impl Output {
    /// A line of a result. On a terminal, what would move its cursor or paint it is shown instead,
    /// since it may come from a stranger.
    pub(crate) fn line(&self, text: &str) -> Result<(), Failed> {
        let mut out = io::stdout().lock();
        if out.is_terminal() {
            writeln!(out, "{}", harmless(text))?;
        } else {
            writeln!(out, "{text}")?;
        }
        Ok(out.flush()?)
    }

    /// Text of our own, with colours if somebody sees them.
    pub(crate) fn styled(&self, text: impl Display) -> Result<(), Failed> {
        let mut out = anstream::stdout().lock();
        writeln!(out, "{text}")?;
        Ok(out.flush()?)
    }

    /// A JSON document in a line.
    pub(crate) fn json(&self, document: &impl Serialize) -> Result<(), Failed> {
        let text = serde_json::to_string(document)
            .map_err(|error| Failed::here(format!("cannot write this as JSON: {error}")))?;
        let mut out = io::stdout().lock();
        writeln!(out, "{text}")?;
        Ok(out.flush()?)
    }

    /// Something to know beside the result.
    pub(crate) fn note(&self, text: impl Display) {
        let dim = Style::new().dimmed();
        self.tell(format_args!("{dim}{}{dim:#}", harmless(&text.to_string())));
    }

    /// Why there is no result.
    pub(crate) fn problem(&self, text: impl Display) {
        let red = AnsiColor::Red.on_default().bold();
        self.tell(format_args!("{red}telephone:{red:#} {}", harmless(&text.to_string())));
    }

    /// Says why, and with which code the program ends.
    pub(crate) fn failed(&self, failed: &Failed) -> Exit {
        if failed.message.is_empty() {
            return failed.exit;
        }
        if self.json {
            let error = serde_json::json!({ "error": failed.message, "exit": failed.exit as u8 });
            self.tell(error);
        } else {
            self.problem(&failed.message);
        }
        failed.exit
    }

    /// Who has closed standard error does not want to know.
    fn tell(&self, text: impl Display) {
        let _ = writeln!(anstream::stderr().lock(), "{text}");
    }
}

/// The text with visible stand-ins for what controls a terminal.
pub(crate) fn harmless(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' | '\t' => c,
        // The block of pictures for these begins with the one for NUL.
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        // Marks that turn the direction of writing make text look like another.
        '\x7f'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        _ => c,
    };
    text.chars().map(shown).collect()
}

/// The text in a line of at most so many characters.
pub(crate) fn in_a_line(text: &str, most: usize) -> String {
    let words = harmless(text).split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= most {
        return words;
    }
    words.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_not_controlled_by_what_is_shown() {
        assert_eq!(harmless("a\x1b[31mb\r\n\tc\u{9b}d\u{202e}"), "a␛[31mb␍\n\tc\u{fffd}d\u{fffd}");
    }

    #[test]
    fn a_long_command_is_cut_to_a_line() {
        assert_eq!(in_a_line("(+ 1\n   2)", 20), "(+ 1 2)");
        assert_eq!(in_a_line("(+ 1 2 3 4)", 7), "(+ 1 2…");
    }
}
