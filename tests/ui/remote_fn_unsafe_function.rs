use wire::remote_fn;

#[remote_fn]
unsafe fn poke() {}

fn main() {}
