use wire::{FromWire, ToWire};

#[derive(ToWire, FromWire)]
struct Pair(#[wire(rename = "a")] i64, i64);

fn main() {}
