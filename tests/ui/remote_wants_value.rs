use wire::{Wire, remote};

async fn call(wire: &Wire) {
    let _ = remote!(wire, add(1, 2) -> i64);
}

fn main() {}
