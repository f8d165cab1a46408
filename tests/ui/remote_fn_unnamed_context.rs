use wire::remote_fn;

#[remote_fn]
fn enter(open: &fn()) {
    open();
}

fn main() {}
