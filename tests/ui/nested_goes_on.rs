use wire::{Wire, remote_value};

async fn call(wire: &Wire) {
    let _ = remote_value!(wire, f(@g(1) + 2) -> i64);
}

fn main() {}
