use wire::remote_fn;

#[remote_fn(blocking, name = "g", blocking)]
fn f() {}

fn main() {}
