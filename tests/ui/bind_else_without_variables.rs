use wire::{Wire, remote_value_bind};

async fn call(wire: &Wire) {
    let _ = remote_value_bind!(wire, () = f(1), {} else |_unwound| {});
}

fn main() {}
