use wire::remote_fn;

#[remote_fn(nmae = "f")]
fn f() {}

fn main() {}
