use wire::{RawOutput, Wire, remote};

fn calls(wire: &Wire, data: &RawOutput<'_>) {
    let _ = remote!(wire, f(@g(1) with data));
}

fn main() {}
