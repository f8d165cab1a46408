//! The page that a conversation is printed on.

use std::time::Instant;

use super::printer::Printer;

/// One of the two who talk.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Side {
    /// Who connected to us.
    Left,
    /// Whom we connected to.
    Right,
}

/// The lines of one conversation, with their times, its number, and arrows.
pub(crate) struct Page {
    printer: Printer,
    number: u64,
    full: bool,
    /// When that was said which is being printed.
    pub(crate) now: Instant,
}

impl Side {
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }

    fn arrow(self) -> char {
        match self {
            Self::Left => '→',
            Self::Right => '←',
        }
    }

    fn colour(self) -> u8 {
        match self {
            Self::Left => CYAN,
            Self::Right => YELLOW,
        }
    }
}

impl Page {
    pub(crate) fn new(printer: Printer, number: u64, full: bool) -> Self {
        Self { printer, number, full, now: Instant::now() }
    }

    /// How many characters of a form are shown.
    pub(crate) fn room(&self) -> usize {
        if self.full { usize::MAX } else { COLUMNS }
    }

    /// Prints what a side says.
    pub(crate) fn says(&self, side: Side, text: &str) {
        self.line(side.arrow(), side.colour(), text);
    }

    /// Prints what a side says, or what becomes of it, so that nobody overlooks it.
    pub(crate) fn exclaims(&self, side: Side, text: &str) {
        self.line(side.arrow(), RED, text);
    }

    /// Prints something about the conversation.
    pub(crate) fn tells(&self, text: &str) {
        self.line(' ', DIM, text);
    }

    /// Prints what keeps the conversation from taking place.
    pub(crate) fn alarms(&self, text: &str) {
        self.line(' ', RED, text);
    }

    fn line(&self, arrow: char, colour: u8, text: &str) {
        let seconds = self.now.duration_since(self.printer.began).as_secs_f64();
        let number = self.number;
        self.printer.print(if self.printer.colours {
            format!("{seconds:9.3} {number:3} \x1b[{colour}m{arrow} {text}\x1b[0m")
        } else {
            format!("{seconds:9.3} {number:3} {arrow} {text}")
        });
    }
}

/// Two lines of a terminal, with what stands around the form.
const COLUMNS: usize = 120;

const DIM: u8 = 2;
const RED: u8 = 31;
const YELLOW: u8 = 33;
const CYAN: u8 = 36;
