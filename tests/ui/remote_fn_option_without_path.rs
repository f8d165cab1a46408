use wire::remote_fn;

#[remote_fn(as)]
fn f() {}

fn main() {}
