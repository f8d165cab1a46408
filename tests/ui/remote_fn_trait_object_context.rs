use wire::remote_fn;

#[remote_fn]
fn enter(door: &dyn Send) {
    let _ = door;
}

fn main() {}
