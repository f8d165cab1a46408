use wire::{FromWire, ToWire};

#[derive(ToWire, FromWire)]
union Bits {
    a: i32,
    b: u32,
}

fn main() {}
