use wire::{FromWire, ToWire};

#[derive(ToWire, FromWire)]
#[wire(list)]
struct Pair(i64, i64);

fn main() {}
