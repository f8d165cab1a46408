use wire::functions;

mod api {}

fn main() {
    let _ = functions![api::*];
}
