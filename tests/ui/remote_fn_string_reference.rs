use wire::remote_fn;

#[remote_fn]
fn show(text: &String) {
    println!("{text}");
}

fn main() {}
