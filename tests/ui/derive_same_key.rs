use wire::{FromWire, ToWire};

#[derive(ToWire, FromWire)]
struct Job {
    id: i64,
    #[wire(rename = "id")]
    other: i64,
}

fn main() {}
