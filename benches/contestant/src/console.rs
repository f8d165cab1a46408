//! Lines to and from the judge.

use std::io::{Write, stdin, stdout};

use crate::Result;

/// Says a line.
pub(crate) fn say(line: &str) -> Result<()> {
    let mut out = stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

/// The judge's next line; none when it has no more to say.
pub(crate) fn hear() -> Result<Option<String>> {
    let mut line = String::new();
    let length = stdin().read_line(&mut line)?;
    Ok((length > 0).then(|| line.trim_end().to_owned()))
}

/// Waits for that line and no other.
pub(crate) fn hear_word(word: &str) -> Result<()> {
    match hear()? {
        Some(line) if line == word => Ok(()),
        other => Err(format!("the judge was to say {word:?} and said {other:?}").into()),
    }
}
