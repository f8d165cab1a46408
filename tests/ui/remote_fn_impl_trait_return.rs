use wire::remote_fn;

#[remote_fn]
fn numbers() -> impl Iterator<Item = i64> {
    0..3
}

fn main() {}
