use wire::{Wire, remote_value};

async fn call(wire: &Wire) -> i64 {
    remote_value!(wire, f(1) -> i64, else return 0).await.unwrap_or_default()
}

fn main() {}
