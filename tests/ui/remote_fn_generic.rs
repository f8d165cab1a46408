use wire::remote_fn;

#[remote_fn]
fn longest<T>(items: Vec<T>) -> i64 {
    items.len() as i64
}

fn main() {}
