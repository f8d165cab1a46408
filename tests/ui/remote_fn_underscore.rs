use wire::remote_fn;

#[remote_fn]
fn ignore(_: i64) {}

fn main() {}
