use wire::{RawInput, remote_fn};

#[remote_fn(raw)]
fn read(_input: &mut RawInput<'_>) {}

fn main() {}
