use wire::remote_fn;

#[remote_fn(package = "a:b")]
fn f() {}

fn main() {}
