use wire::remote_fn;

#[remote_fn]
fn show(text: Option<&str>) {
    let _ = text;
}

fn main() {}
