use wire::{Wire, remote};

async fn call(wire: &Wire) {
    let _ = remote!(wire, f(@"1"(2), @self::g(3)));
}

fn main() {}
