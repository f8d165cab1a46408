use wire::remote_fn;

#[remote_fn(unwinds = String)]
fn read() -> Result<String, String>;

fn main() {}
