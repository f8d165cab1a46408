use wire::{RawInput, remote_fn};

#[remote_fn(raw)]
fn read(input: &mut RawInput<'_>, count: u8);

fn main() {}
