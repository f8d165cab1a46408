use wire::{Wire, remote};

async fn call(wire: &Wire) {
    let _ = remote!();
}

fn main() {}
