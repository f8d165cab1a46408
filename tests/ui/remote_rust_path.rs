use wire::{Wire, remote};

async fn call(wire: &Wire) {
    let _ = remote!(wire, crate::api());
}

fn main() {}
