use wire::remote_fn;

#[remote_fn]
fn peek(address: *const u8) {
    let _ = address;
}

fn main() {}
