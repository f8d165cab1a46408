//! Characters and their names.

/// Those that do not print as themselves. Of several names for one, the printer takes the first.
const NAMES: [(&str, char); 12] = [
    ("Space", ' '),
    ("Newline", '\n'),
    ("Linefeed", '\n'),
    ("Tab", '\t'),
    ("Return", '\r'),
    ("Page", '\u{c}'),
    ("Backspace", '\u{8}'),
    ("Rubout", '\u{7f}'),
    ("Delete", '\u{7f}'),
    ("Nul", '\0'),
    ("Null", '\0'),
    ("Escape", '\u{1b}'),
];

/// The character that is written `#\` and this.
pub(super) fn named(name: &str) -> Option<char> {
    let mut letters = name.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return Some(letter);
    }
    let known = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    known.map(|&(_, letter)| letter).or_else(|| {
        let code = name.strip_prefix(['U', 'u'])?.trim_start_matches('+');
        u32::from_str_radix(code, 16).ok().and_then(char::from_u32)
    })
}

/// What stands after `#\` for this character.
pub(super) fn name(letter: char) -> String {
    let known = NAMES.iter().find(|&&(_, known)| known == letter);
    match known {
        // As SBCL does it: a space prints as itself.
        Some((name, _)) if letter != ' ' => (*name).to_owned(),
        _ if letter != ' ' && (letter.is_control() || letter.is_whitespace()) => {
            format!("U{:04X}", u32::from(letter))
        }
        _ => letter.to_string(),
    }
}
