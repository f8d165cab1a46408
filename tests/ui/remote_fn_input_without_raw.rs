use wire::{RawInput, remote_fn};

#[remote_fn]
async fn read(_input: &mut RawInput<'_>, _count: u8) {}

fn main() {}
