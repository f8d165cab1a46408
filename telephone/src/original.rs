//! What the original says at its two endpoints, byte for byte.
//!
//! The original is telephone in Common Lisp. `POST /tcmd` with the form field `cmd` files a command
//! and answers its id; `POST /tres` with the field `id` answers how it stands. An answer is Lisp
//! text, printed in package `COMMON-LISP-USER`, so that the states carry theirs, and then
//! percent-encoded. Here are the texts alone, with no HTTP around them.

mod answer;

pub use answer::{Answer, NotAnAnswer};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::job::{Job, JobId, Submission};

/// Where the original takes commands.
pub const COMMAND_PATH: &str = "/tcmd";
/// The form field that holds one.
pub const COMMAND_FIELD: &str = "cmd";
/// Where the original tells what became of them.
pub const RESULT_PATH: &str = "/tres";
/// The form field that says of which.
pub const RESULT_FIELD: &str = "id";

/// The answer to a command: its id, as Lisp prints a string.
///
/// ```
/// use telephone::{JobId, original};
///
/// let id: JobId = "G610".parse()?;
/// assert_eq!(original::id_body(&id), "%22G610%22");
/// assert_eq!(original::read_id_body("%22G610%22")?, id);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn id_body(id: &JobId) -> String {
    encode(&format!("\"{id}\""))
}

/// Reads the answer to a command.
///
/// # Errors
/// [`NotAnAnswer`] if it is no percent-encoded Lisp string, or none that can be an id.
pub fn read_id_body(body: &str) -> Result<JobId, NotAnAnswer> {
    let text = decode(body)?;
    let id = text.trim().strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    id.and_then(|id| id.parse().ok()).ok_or_else(|| NotAnAnswer::new("an id in quotes", &text))
}

/// The answer to a question about a command: how it stands, as [`Answer`] has it.
pub fn result_body(job: Option<&Job>) -> String {
    Answer::of(job).to_body()
}

/// What the original's server prints when a command arrives: `G610 remote request: (+ 1 2)`.
///
/// It goes to a terminal, so control characters of a command are shown as escapes.
pub fn request_line(id: &JobId, submission: &Submission) -> String {
    let plain = |c: char| {
        if c.is_control() { c.escape_default().collect() } else { String::from(c) }
    };
    let command: String = submission.command.chars().map(plain).collect();
    format!("{id} remote request: {command}")
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

fn decode(body: &str) -> Result<String, NotAnAnswer> {
    // Encoded as forms are, a space is a plus sign. A plus sign itself never stands there plainly.
    let body = body.replace('+', " ");
    match percent_decode_str(&body).decode_utf8() {
        Ok(text) => Ok(text.into_owned()),
        Err(_) => Err(NotAnAnswer::new("percent-encoded UTF-8", &body)),
    }
}

/// Everything but what RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[cfg(test)]
mod tests;
