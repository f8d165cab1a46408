use wire::{RawOutput, Wire, remote, remote_fn, remote_value};

#[remote_fn(raw)]
fn read(count: u8) -> u8;

#[remote_fn]
fn count(count: u8) -> u8;

async fn calls(wire: &Wire, data: &RawOutput<'_>) {
    let _ = remote!(wire, <read>(1), <count>(2) with data);
    let _ = remote_value!(wire, <count>(@<read>(1))).await;
}

fn main() {}
