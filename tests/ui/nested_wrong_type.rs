use wire::{Wire, remote, remote_fn};

#[remote_fn]
fn add(a: i64, b: i64) -> i64;

#[remote_fn]
fn name(id: i64) -> Result<String, String>;

async fn call(wire: &Wire) {
    let _ = remote!(wire, <add>(@<name>(1), 2));
    let _ = remote!(wire, <add>(1, @<name>(@<name>(2))));
    let _ = remote!(wire, <add>(@g(1), "2"));
    let _ = remote!(wire, g(@<add>(1, "2")));
}

fn main() {}
