use wire::remote_fn;

#[remote_fn]
fn name() -> &'static str {
    "name"
}

fn main() {}
