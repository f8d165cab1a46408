use wire::remote_fn;

#[remote_fn(unwinds = String)]
fn f() {}

fn main() {}
