//! The client's side: it sends a text, asks about it, and is asked in turn.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use tokio::fs::File;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use wire::{
    CallError, Functions, Remote, Wire, functions, remote, remote_fn, remote_value,
    remote_value_bind,
};

use super::show::{Side, paint};

const CLIENT: Side = Side { name: "client", colour: 36, on_the_left: true };

/// Longer lines go in pieces, so that no line is too long to send.
const PIECE: u64 = 64 << 10;

/// What the server may call here.
pub(crate) fn offered() -> Functions {
    functions![title_of]
}

#[remote_fn]
fn title_of(name: String) -> String {
    let title = if name == "Lovelace" { "Countess" } else { "Citizen" };
    CLIENT.sends(format!("{title:?}"));
    title.to_owned()
}

/// Does everything that can be done with a wire. `cut` ends it from outside.
pub(crate) async fn tour(
    wire: &Wire,
    file: &Path,
    cut: impl AsyncFnOnce() -> Result<(), CallError>,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    CLIENT.says(format!("{}, process {}, is connected", CLIENT.name, std::process::id()));

    heading(1, "Calls for their effect: buffered, and forced");
    send(wire, file).await?;

    heading(2, "One value");
    CLIENT.sends("remote_value!(wire, words() -> u64)");
    let words = remote_value!(wire, words() -> u64).value().await?;
    CLIENT.says(format!("words = {words}"));

    heading(3, "Several values");
    CLIENT.sends("remote_value_bind!(wire, (lines, words, bytes) = count(), { .. })");
    let lines = remote_value_bind!(wire, (lines: u64, words: u64, bytes: u64) = count(), {
        CLIENT.says("as wc would put it:");
        CLIENT.says(format!("{lines:>7} {words:>7} {bytes:>7} {}", file.display()));
        lines
    } else |unwound| return Err(unwound.into()))?;

    heading(4, "The server calls its caller back");
    CLIENT.sends("remote_value!(wire, greet(\"Lovelace\") -> String)");
    remote_value!(wire, greet("Lovelace") -> String).value().await?;

    heading(5, "Objects stay where they are; their tokens travel");
    objects(wire).await?;

    heading(6, "A function that unwinds");
    CLIENT.sends(format!("remote_value!(wire, turn_to({}) -> ())", lines + 1));
    let (value, unwound) = remote_value!(wire, turn_to(lines + 1) -> ()).await?;
    CLIENT.says(format!("({value:?}, {unwound}), as CMUCL gives it; and asked for a value:"));
    if let Err(error) = remote_value!(wire, turn_to(lines + 1) -> ()).value().await {
        CLIENT.says(error.to_string());
    }

    heading(7, "The connection dies under a waiting call");
    CLIENT.sends("remote_value!(wire, sleep_for_ever() -> ())");
    let waiting = remote_value!(wire, sleep_for_ever() -> ());
    // Once this is answered, what was sent before it has been started.
    wire.sync().await?;
    CLIENT.says("it runs; cut the wire!");
    cut().await?;
    if let Err(error) = waiting.value().await {
        CLIENT.says(error.to_string());
        CLIENT.says(format!("did it run? {:?}", error.ran()));
    }
    let why = wire.closed().await;
    CLIENT.says(format!("and from now on every call: {why}"));
    println!();
    Ok(())
}

/// Sends the lines of the file, and forces the output.
async fn send(wire: &Wire, file: &Path) -> Result<(), Box<dyn Error + Send + Sync>> {
    let cannot_read = |error| format!("cannot read {}: {error}", file.display());
    let mut text = BufReader::new(File::open(file).await.map_err(cannot_read)?);
    let (mut calls, mut octets) = (0_u64, Vec::new());
    loop {
        let piece = (&mut text).take(PIECE).read_until(b'\n', &mut octets).await;
        if piece.map_err(cannot_read)? == 0 {
            break;
        }
        let piece = Bytes::from(std::mem::take(&mut octets));
        if calls == 0 {
            CLIENT.sends(format!("remote!(wire, line({piece:?}))"));
        }
        // A server that reads more slowly than we send fills the buffer up to its limit.
        while let Err(error) = remote!(wire, line(piece)) {
            let CallError::Full { .. } = error else { return Err(error.into()) };
            wire.ready().await?;
        }
        calls += 1;
    }
    CLIENT.says(format!("{calls} of these; no answer was waited for"));
    CLIENT.says(format!("{} bytes are still here, buffered", wire.stats().octets_buffered));
    CLIENT.sends("wire.force_output().await");
    wire.force_output().await?;
    CLIENT.says(format!("{} are now", wire.stats().octets_buffered));
    Ok(())
}

/// Passes an object of the server's, and one of ours, to and fro.
async fn objects(wire: &Wire) -> Result<(), Box<dyn Error + Send + Sync>> {
    CLIENT.sends("remote_value!(wire, text() -> Remote)");
    let text = remote_value!(wire, text() -> Remote).value().await?;
    CLIENT.says(format!("token {}; here: {}", text.token(), text.is_local()));
    CLIENT.sends("remote_value!(wire, words_of(text) -> u64)");
    remote_value!(wire, words_of(text) -> u64).value().await?;

    let ours = Remote::new(Arc::new("a thing that never leaves the client"));
    CLIENT.sends("remote_value!(wire, pass_back(ours) -> Remote<&str>)");
    let back = remote_value!(wire, pass_back(ours) -> Remote<&'static str>).value().await?;
    CLIENT.says(format!("it is ours: {}; inside: {:?}", back == ours, back.value()?));
    Ok(())
}

fn heading(number: u8, text: &str) {
    println!("\n  {}", paint(1, &format!("{number}  {text}")));
}
