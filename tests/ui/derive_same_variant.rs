use wire::{FromWire, ToWire};

#[derive(ToWire, FromWire)]
enum Move {
    Stop,
    #[wire(rename = "stop")]
    Halt,
}

fn main() {}
