use wire::{Wire, remote_fn, remote_value};

#[remote_fn]
fn add(a: i64, b: i64) -> i64;

async fn call(wire: &Wire) {
    let _ = remote_value!(wire, <add>(1));
    let _ = remote_value!(wire, <add>(1, "2"));
}

fn main() {}
