//! Prints what passes between two processes, each on its own side of the page.

use std::io::{IsTerminal, stdout};

/// Columns between the two lines that stand for the processes.
const INSIDE: usize = 74;

/// One of the two processes, as the page shows it.
pub(crate) struct Side {
    pub(crate) name: &'static str,
    pub(crate) colour: u8,
    pub(crate) on_the_left: bool,
}

impl Side {
    /// Prints what this process sends, as an arrow to the other side.
    pub(crate) fn sends(&self, text: impl AsRef<str>) {
        let mut text = printable(text.as_ref());
        if text.chars().count() > INSIDE - 7 {
            text = text.chars().take(INSIDE - 8).chain(['…']).collect();
        }
        let shaft = "─".repeat(INSIDE - 5 - text.chars().count());
        let text = paint(self.colour, &text);
        if self.on_the_left {
            println!("  ├─ {text} {shaft}▶ │");
        } else {
            println!("  │ ◀{shaft} {text} ─┤");
        }
    }

    /// Prints what this process has to say to the reader.
    pub(crate) fn says(&self, text: impl AsRef<str>) {
        for line in lines(&printable(text.as_ref()), INSIDE - 2) {
            let space = " ".repeat(INSIDE - 2 - line.chars().count());
            let line = paint(self.colour, &line);
            if self.on_the_left {
                println!("  │ {line}{space} │");
            } else {
                println!("  │ {space}{line} │");
            }
        }
    }
}

/// The text in a colour, if somebody looks at it.
pub(crate) fn paint(colour: u8, text: &str) -> String {
    if stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
        format!("\x1b[{colour}m{text}\x1b[0m")
    } else {
        text.to_owned()
    }
}

/// The text without characters that would move the cursor.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '·' } else { c }).collect()
}

/// The text in lines of at most so many characters, parted at spaces where there are any.
fn lines(text: &str, columns: usize) -> Vec<String> {
    let mut rest: Vec<char> = text.chars().collect();
    let mut lines = Vec::new();
    while rest.len() > columns {
        let space = rest[..columns].iter().rposition(|&letter| letter == ' ');
        let next = rest.split_off(space.map_or(columns, |space| space + 1));
        lines.push(std::mem::replace(&mut rest, next).into_iter().collect());
    }
    lines.push(rest.into_iter().collect());
    lines
}
