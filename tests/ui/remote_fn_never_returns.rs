use wire::remote_fn;

#[remote_fn]
fn serve() -> ! {
    loop {}
}

fn main() {}
