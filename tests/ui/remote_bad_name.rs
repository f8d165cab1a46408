use wire::{Wire, remote};

async fn call(wire: &Wire) {
    let _ = remote!(wire, "a:b:c"(1), "|a"(2));
}

fn main() {}
