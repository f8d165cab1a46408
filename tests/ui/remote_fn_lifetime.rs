use wire::remote_fn;

#[remote_fn]
fn show(text: &'static str) {
    println!("{text}");
}

fn main() {}
