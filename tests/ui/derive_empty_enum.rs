use wire::{FromWire, ToWire};

#[derive(ToWire, FromWire)]
enum Nothing {}

fn main() {}
