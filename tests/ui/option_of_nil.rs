use wire::{FromWire, ToWire, Wire, remote};

#[derive(ToWire, FromWire)]
struct Job {
    urgent: Option<bool>,
}

async fn call(wire: &Wire) {
    let _ = remote!(wire, f(Some(vec![1])));
}

fn main() {}
