//! Forms from the command line, files and standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use telephone::lisp::Form;

use super::Failed;

/// The text of a command: what was written, or with `-` what standard input has. It is read here
/// first, so that a missing parenthesis costs no way to the partner.
pub(crate) fn command(written: &str) -> Result<String, Failed> {
    let text = match written {
        "-" => read(io::stdin(), "standard input")?,
        written => written.to_owned(),
    };
    match Form::read_all(&text) {
        Ok(forms) if forms.is_empty() => Err(Failed::usage("the command has no form")),
        // What only a partner's own reader knows is for that one to say.
        Err(error) if error.is_unfinished() => Err(Failed::usage(format!("the command: {error}"))),
        _ => Ok(text),
    }
}

/// What a file has, or with `-` or nothing what standard input has.
pub(crate) fn file(path: Option<&Path>) -> Result<String, Failed> {
    match path {
        Some(path) if path != Path::new("-") => {
            let place = path.display().to_string();
            let file = File::open(path)
                .map_err(|error| Failed::here(format!("cannot open {place}: {error}")))?;
            read(file, &place)
        }
        _ => read(io::stdin(), "standard input"),
    }
}

fn read(from: impl Read, place: &str) -> Result<String, Failed> {
    let text = io::read_to_string(from.take(MAX_OCTETS + 1))
        .map_err(|error| Failed::here(format!("cannot read {place}: {error}")))?;
    if text.len() as u64 > MAX_OCTETS {
        return Err(Failed::usage(format!("{place} has more than {MAX_OCTETS} octets")));
    }
    Ok(text)
}

/// As much as the reader of Lisp takes.
const MAX_OCTETS: u64 = telephone::lisp::MAX_OCTETS as u64;
