use wire::{Wire, remote_value_bind};

async fn call(wire: &Wire) {
    let _ = remote_value_bind!(wire, (_, b: i64) = f(1), { b });
}

fn main() {}
