use wire::{functions, remote_fn};

#[remote_fn]
fn add(a: i64, b: i64) -> i64;

fn main() {
    let _ = functions![add];
}
