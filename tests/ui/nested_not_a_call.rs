use wire::{Wire, remote};

async fn call(wire: &Wire, n: i64) {
    let _ = remote!(wire, f(1, @n));
}

fn main() {}
