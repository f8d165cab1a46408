use wire::{FromWire, ToWire};

#[derive(ToWire, FromWire)]
#[wire(lsit)]
struct Job {
    #[wire(defualt)]
    id: i64,
}

fn main() {}
