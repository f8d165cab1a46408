use wire::remote_fn;

#[remote_fn]
fn show(text: _);

fn main() {}
