use wire::{Wire, remote_value_bind};

async fn call(wire: &Wire) {
    let _ = remote_value_bind!(wire, (a) = f(1) -> i64, { a });
}

fn main() {}
