use wire::FromWire;

#[derive(FromWire)]
struct Job<'a> {
    text: &'a str,
}

fn main() {}
