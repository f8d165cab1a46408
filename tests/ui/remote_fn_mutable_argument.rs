use wire::remote_fn;

#[remote_fn]
fn push(item: i64, list: &mut Vec<i64>) {
    list.push(item);
}

fn main() {}
