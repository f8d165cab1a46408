use wire::remote_fn;

#[remote_fn(blocking)]
async fn sleep() {}

fn main() {}
