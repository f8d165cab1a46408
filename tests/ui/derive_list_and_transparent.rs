use wire::{FromWire, ToWire};

#[derive(ToWire, FromWire)]
#[wire(transparent, list)]
struct Id {
    number: i64,
}

fn main() {}
