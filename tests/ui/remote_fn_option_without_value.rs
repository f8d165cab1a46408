use wire::remote_fn;

#[remote_fn(name)]
fn f() {}

fn main() {}
