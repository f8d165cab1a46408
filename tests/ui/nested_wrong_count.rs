use wire::{Wire, remote, remote_fn};

#[remote_fn]
fn add(a: i64, b: i64) -> i64;

async fn call(wire: &Wire) {
    let _ = remote!(wire, <add>(@<add>(1, 2)));
    let _ = remote!(wire, <add>(@g(), 2, 3, @<add>(4, 5), @g()));
    let _ = remote!(wire, g(@<add>(1)));
}

fn main() {}
