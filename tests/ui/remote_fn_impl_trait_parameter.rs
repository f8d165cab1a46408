use wire::remote_fn;

#[remote_fn]
fn show(text: impl Into<String>) {
    drop(text);
}

fn main() {}
