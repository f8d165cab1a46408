use wire::functions;

fn main() {
    let _ = functions!["add"];
}
