use wire::{RawInput, Wire, remote_fn};

#[remote_fn(raw)]
async fn read(_wire: &Wire, _input: &mut RawInput<'_>) {}

fn main() {}
