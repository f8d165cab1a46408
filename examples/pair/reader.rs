//! The server's side: it reads what its clients send, and counts.

use std::convert::Infallible;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use wire::{
    CallError, ObjectError, Remote, RequestServer, Wire, functions, remote_fn, remote_value,
};

use super::count::{Characters, Count};
use super::show::Side;

const SERVER: Side = Side { name: "server", colour: 33, on_the_left: false };

/// The server with all that its clients may call, and a text of its own for each of them.
pub(crate) fn reader(server: RequestServer) -> RequestServer {
    server
        .functions(functions![
            line,
            words,
            count,
            greet,
            text,
            words_of,
            pass_back,
            turn_to,
            sleep_for_ever,
            hang_up
        ])
        .on_connect(|wire| async move {
            let dialect = if wire.is_extended() { "extended" } else { "classic" };
            let process = std::process::id();
            let name = SERVER.name;
            SERVER.says(format!("{name}, process {process}, hears {} ({dialect})", wire.peer()));
            Ok::<_, Infallible>(Text::new())
        })
        .on_death(|_, why| SERVER.says(why.to_string()))
}

/// The text that one client has sent.
struct Text {
    count: Mutex<Count>,
    characters: Characters,
}

impl Text {
    fn new() -> Self {
        Self { count: Mutex::default(), characters: Characters::of_locale() }
    }

    fn count(&self) -> MutexGuard<'_, Count> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a line, or a piece of a long one.
#[remote_fn]
fn line(text: &Text, piece: Bytes) {
    text.count().add(&piece, text.characters);
}

#[remote_fn]
fn words(text: &Text) -> u64 {
    let words = text.count().words;
    SERVER.sends(format!("{words}"));
    words
}

/// Three values: the lines, the words, the bytes.
#[remote_fn]
fn count(text: &Text) -> (u64, u64, u64) {
    let count = text.count();
    SERVER.sends(format!("{}, {}, {}", count.lines, count.words, count.bytes));
    (count.lines, count.words, count.bytes)
}

/// Asks the caller for a title, over the wire that the call came over and while it waits.
#[remote_fn]
async fn greet(wire: &Wire, name: String) -> Result<String, CallError> {
    SERVER.sends(format!("remote_value!(wire, title_of({name:?}) -> String)"));
    let title = remote_value!(wire, title_of(&name) -> String).value().await?;
    let greeting = format!("Good day, {title} {name}!");
    SERVER.sends(format!("{greeting:?}"));
    Ok(greeting)
}

/// The text itself stays here; what goes out is its token.
#[remote_fn]
fn text(wire: &Wire) -> Option<Remote<Text>> {
    let token = wire.get::<Text>().map(Remote::new);
    SERVER.sends("a Remote<Text>");
    token
}

#[remote_fn]
fn words_of(text: Remote<Text>) -> Result<u64, ObjectError> {
    let words = text.value()?.count().words;
    SERVER.sends(format!("{words}, of the Text behind the token"));
    Ok(words)
}

#[remote_fn]
fn pass_back(object: Remote) -> Remote {
    SERVER.sends(if object.is_local() { "mine" } else { "not mine; the same token back" });
    object
}

#[derive(Debug, thiserror::Error)]
#[error("line {line} is beyond the end: the text has {lines}")]
struct NoSuchLine {
    line: u64,
    lines: u64,
}

#[remote_fn]
fn turn_to(text: &Text, line: u64) -> Result<(), NoSuchLine> {
    let lines = text.count().lines;
    if line > lines { Err(NoSuchLine { line, lines }) } else { Ok(()) }
}

#[remote_fn]
async fn sleep_for_ever() {
    SERVER.says("asleep");
    std::future::pending::<()>().await;
}

/// Ends the wire under whoever waits on it.
#[remote_fn]
fn hang_up(wire: &Wire) {
    wire.abort("the client wanted to see it");
}
