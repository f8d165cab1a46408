use wire::remote_fn;

#[remote_fn(raw)]
async fn read(_count: u8) {}

fn main() {}
