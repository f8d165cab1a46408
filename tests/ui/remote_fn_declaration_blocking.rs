use wire::remote_fn;

#[remote_fn(blocking)]
fn sleep();

fn main() {}
