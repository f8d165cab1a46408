use wire::{Wire, remote_value_bind};

async fn call(wire: &Wire) {
    let _ = remote_value_bind!(wire, (a: i64) = f(1), { a } else { 0 });
}

fn main() {}
