use wire::{Wire, remote};

async fn call(wire: &Wire) {
    let _ = remote!(wire, 1 + 2);
}

fn main() {}
