use wire::{FromWire, ToWire};

#[derive(ToWire, FromWire)]
enum Move {
    #[wire(raname = "halt")]
    Stop,
}

fn main() {}
