use wire::remote_fn;

#[remote_fn]
fn check(text: &str) -> Result<i64, &str> {
    Err(text)
}

fn main() {}
