use wire::{FromWire, ToWire};

#[derive(ToWire, FromWire)]
#[wire(transparent)]
struct Pair(i64, i64);

fn main() {}
