use wire::{Wire, remote_value};

async fn call(wire: &Wire) {
    let _ = remote_value!(wire, f(1), g(2));
}

fn main() {}
