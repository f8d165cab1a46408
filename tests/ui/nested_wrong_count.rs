use wire::{Wire, remote, remote_fn};

#[remote_fn]
fn add(a: i64, b: i64) -> i64;

#[remote_fn]
fn row(a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8, i: u8, j: u8, k: u8, l: u8, m: u8, n: u8, o: u8, p: u8);

async fn call(wire: &Wire) {
    let _ = remote!(wire, <add>(@<add>(1, 2)));
    let _ = remote!(wire, <add>(@g(), 2, 3, @<add>(4, 5), @g()));
    let _ = remote!(wire, g(@<add>(1)));
    let _ = remote!(wire, <row>(@g(), 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, "17"));
}

fn main() {}
