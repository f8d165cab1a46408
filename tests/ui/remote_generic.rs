use wire::{Wire, remote};

async fn call(wire: &Wire) {
    let _ = remote!(wire, add::<i64>(1, 2));
}

fn main() {}
