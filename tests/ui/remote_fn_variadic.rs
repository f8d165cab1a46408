use wire::remote_fn;

#[remote_fn]
fn sum(first: i64, rest: ...) -> i64;

fn main() {}
