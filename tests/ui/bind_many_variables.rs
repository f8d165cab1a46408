use wire::{Wire, remote_value_bind};

async fn call(wire: &Wire) {
    let _ = remote_value_bind!(wire, (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, one_too_many) = f(1), {});
}

fn main() {}
