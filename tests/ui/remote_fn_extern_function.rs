use wire::remote_fn;

#[remote_fn]
extern "C" fn poke() {}

fn main() {}
