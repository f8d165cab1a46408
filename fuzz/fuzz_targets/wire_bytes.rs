//! Any bytes, in pieces, to a whole wire in memory: whatever they say, nothing panics, the runtime
//! comes to rest, and the wire lives on or ends with an error.
#![no_main]

use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::runtime::{Builder, Runtime};
use wire::{Limits, RawError, RawInput, Value, Wire, functions, remote_fn, remote_value};

#[remote_fn]
fn f(value: Value) -> Value {
    value
}

#[remote_fn]
async fn g(value: Option<i64>) -> Result<i64, String> {
    tokio::task::yield_now().await;
    value.ok_or_else(|| "nothing".to_owned())
}

/// Reads what follows, as the arguments say, and as the octets turn out.
#[remote_fn(raw)]
async fn r(input: &mut RawInput<'_>, kinds: Vec<i64>, fails: bool) -> Result<Value, RawError> {
    let mut last = Value::Nil;
    for kind in kinds {
        let read = match kind {
            0 => input.byte().await.map(Value::from),
            1 => input.number().await.map(Value::from),
            2 => input.string().await.map(Value::from),
            3 => input.bignum().await.map(Value::from),
            4 => input.object().await,
            5 => input.chunk(10).await.map(|octets| Value::from(octets.len() as i64)),
            6 => input.listen().await.map(|there| Value::from(i64::from(there))),
            7 => {
                input.finish();
                continue;
            }
            _ => input.octets(kind.unsigned_abs() as usize).await.map(|_| Value::Nil),
        };
        last = match read {
            Err(error) if fails => return Err(error),
            read => read.unwrap_or_default(),
        };
    }
    Ok(last)
}

fuzz_target!(|data: &[u8]| {
    if let Some((&how, bytes)) = data.split_first() {
        // Time passes only when nothing else can happen.
        let runtime = Builder::new_current_thread().enable_all().start_paused(true).build();
        let runtime: Runtime = runtime.expect("a runtime");
        runtime.block_on(run(how, bytes));
    }
});

async fn run(how: u8, bytes: &[u8]) {
    let (near, far) = tokio::io::duplex(1 << 16);
    let limits = Limits::default().object_weight(100_000).depth(20).buffered_output(100_000);
    let builder = Wire::builder().functions(functions![f, g, r]).limits(limits);
    let builder = builder.hello_wait(Duration::ZERO);
    let builder = if how & 1 == 0 { builder } else { builder.classic() };
    let Ok(wire) = builder.over(near).await else { return };
    // A call that waits, so that answers have something to answer.
    let pending = (how & 2 == 0).then(|| tokio::spawn(remote_value!(wire, f(1) -> i64)));
    let talk = tokio::spawn(talk(far, bytes.to_vec(), usize::from(how >> 2) + 1));
    // A day: everything that could end the wire by time has done so.
    let why = tokio::time::timeout(Duration::from_secs(86_400), wire.closed()).await;
    why.expect("a wire whose peer is gone ends");
    talk.await.expect("talking does not panic");
    if let Some(pending) = pending {
        let _ = pending.await.expect("a call ends without a panic");
    }
}

/// Says the bytes in pieces, while everything that comes is read; then ends its side.
async fn talk(stream: DuplexStream, bytes: Vec<u8>, piece: usize) {
    let (mut from, mut to) = tokio::io::split(stream);
    let read = async {
        let mut sink = [0; 4096];
        while from.read(&mut sink).await.is_ok_and(|count| count > 0) {}
    };
    let write = async {
        for piece in bytes.chunks(piece) {
            if to.write_all(piece).await.is_err() {
                return;
            }
            tokio::task::yield_now().await;
        }
        let _ = to.shutdown().await;
    };
    tokio::join!(read, write);
}
