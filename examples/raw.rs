//! Untagged data behind a call: a file, read as it comes.
//!
//! ```text
//! cargo run --release --example raw -- [FILE]
//! ```

use std::error::Error;
use std::time::Duration;

use wire::{
    RawInput, RawOutput, RequestServer, Wire, functions, remote_fn, remote_value, remote_value_bind,
};

/// Reads a name, a length and so many octets, which its caller sends behind the call. Nothing tells
/// them apart but that both know what comes.
#[remote_fn(raw)]
async fn measure(
    input: &mut RawInput<'_>,
    wire: &Wire,
) -> Result<(usize, usize), Box<dyn Error + Send + Sync>> {
    let name = input.string().await?;
    let length = input.number().await? as u32 as usize;
    let (mut read, mut lines, mut pieces) = (0, 0, 0);
    while read < length {
        // What has come by now, so that no more of the file is in memory than that.
        let piece = input.chunk(length - read).await?;
        read += piece.len();
        lines += piece.iter().filter(|octet| **octet == b'\n').count();
        pieces += 1;
    }
    // From here on the wire decodes what follows, answers of the caller among it.
    input.finish();
    let told = format!("{name} came in {pieces} pieces");
    remote_value!(wire, note(told) -> ()).value().await?;
    Ok((read, lines))
}

#[remote_fn]
fn note(text: String) {
    println!("the server says: {text}");
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = RequestServer::bind("127.0.0.1:0").await?.functions(functions![measure]);
    let handle = server.handle();
    let serving = tokio::spawn(server.serve());
    let address = handle.local_addr().ok_or("a server over TCP has an address")?;
    let wire = Wire::builder().functions(functions![note]).connect(address).await?;

    let name = std::env::args().nth(1).unwrap_or_else(|| "README.md".to_owned());
    let file = std::fs::read(&name)?;
    let mut data = RawOutput::new();
    data.string(&name).number(u32::try_from(file.len())? as i32).octets(&file);
    // The call and its data are one unit: no other call of ours can come between.
    remote_value_bind!(wire, (octets: usize, lines: usize) = measure() with data, {
        println!("{octets} octets in {lines} lines");
    })?;

    handle.shutdown(Duration::from_secs(5)).await;
    serving.await??;
    Ok(())
}
