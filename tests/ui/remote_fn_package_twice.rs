use wire::remote_fn;

#[remote_fn(name = "a:f", package = "b")]
fn f() {}

fn main() {}
