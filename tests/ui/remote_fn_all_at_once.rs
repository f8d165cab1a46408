use wire::remote_fn;

#[remote_fn(blocking)]
async fn f<T>(_a: &String, (_b, _c): (i64, i64)) -> &str {
    ""
}

fn main() {}
