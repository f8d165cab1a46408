use wire::{Wire, remote_value};

async fn call(wire: &Wire) {
    let _ = remote_value!(wire);
}

fn main() {}
