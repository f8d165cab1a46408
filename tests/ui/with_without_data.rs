use wire::{Wire, remote, remote_value};

fn calls(wire: &Wire) {
    let _ = remote!(wire, f(1) with);
    let _ = remote_value!(wire, f(1) with -> i64);
}

fn main() {}
