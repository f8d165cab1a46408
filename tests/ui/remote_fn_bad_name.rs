use wire::remote_fn;

#[remote_fn(name = "1")]
fn f() {}

fn main() {}
