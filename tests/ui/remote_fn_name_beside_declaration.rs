use wire::remote_fn;

mod shared {
    #[wire::remote_fn]
    pub fn add(a: i64, b: i64) -> i64;
}

#[remote_fn(as = shared::add, name = "plus", package = "math")]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

fn main() {}
