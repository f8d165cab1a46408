//! A line that is being written, as far as there is room.

use wire::WrongType;

/// Some text, and how much more of it there may be.
pub(crate) struct Line {
    text: String,
    /// How many characters are left.
    room: usize,
}

/// There is no room for more, or the object is not there to its end.
pub(crate) struct Cut;

pub(crate) type Written = Result<(), Cut>;

impl Line {
    pub(crate) fn new(room: usize) -> Self {
        Self { text: String::new(), room }
    }

    /// Writes text.
    pub(crate) fn put(&mut self, text: &str) -> Written {
        text.chars().try_for_each(|letter| self.push(letter))
    }

    /// Writes a character so that it is seen, and does not move the cursor.
    pub(crate) fn push(&mut self, letter: char) -> Written {
        self.room = self.room.checked_sub(1).ok_or(Cut)?;
        self.text.push(visible(letter));
        Ok(())
    }

    /// What was written. If that was cut, says of how many octets it is the beginning.
    pub(crate) fn finish(self, written: Written, octets: u64) -> String {
        match written {
            Ok(()) => self.text,
            Err(Cut) => format!("{}… of {octets} octets", self.text),
        }
    }
}

/// What cannot be read is not shown either.
impl From<WrongType> for Cut {
    fn from(_: WrongType) -> Self {
        Self
    }
}

/// The character, or something to see in the place of one that moves the cursor.
fn visible(letter: char) -> char {
    match letter {
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(letter)).unwrap_or('·'),
        '\x7f' => '␡',
        // Controls of eight bits, and what parts lines or turns the direction of writing.
        _ if letter.is_control() || is_for_layout(letter) => '·',
        _ => letter,
    }
}

/// What parts lines, or turns the direction of writing.
fn is_for_layout(letter: char) -> bool {
    matches!(letter, '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
