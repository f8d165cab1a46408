use wire::{Wire, remote_value_bind};

async fn call(wire: &Wire) {
    let _ = remote_value_bind!(wire, f(1), {});
}

fn main() {}
