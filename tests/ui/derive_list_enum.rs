use wire::{FromWire, ToWire};

#[derive(ToWire, FromWire)]
#[wire(list)]
enum Move {
    Stop,
}

fn main() {}
