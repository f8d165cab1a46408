use wire::remote_fn;

#[remote_fn]
fn show(text: String, #[cfg(unix)] mode: i64) {
    let _ = (text, mode);
}

fn main() {}
