use wire::remote_fn;

mod shared {
    #[wire::remote_fn]
    pub fn divide(a: i64, b: i64) -> (i64, i64);
}

#[remote_fn(as = shared::divide)]
fn argument(a: i64, b: i32) -> (i64, i64) {
    (a, i64::from(b))
}

#[remote_fn(as = shared::divide)]
fn value(a: i64, b: i64) -> Result<i64, String> {
    Ok(a / b)
}

fn main() {}
