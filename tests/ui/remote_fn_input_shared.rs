use wire::{RawInput, remote_fn};

#[remote_fn(raw)]
async fn read(_input: &RawInput<'_>) {}

fn main() {}
