use wire::remote_fn;

#[remote_fn]
fn length((x, y): (i64, i64)) -> i64 {
    x + y
}

fn main() {}
