use wire::{Wire, remote_value};

async fn call(wire: &Wire) {
    let _ = remote_value!(wire, @f(1) -> i64);
}

fn main() {}
