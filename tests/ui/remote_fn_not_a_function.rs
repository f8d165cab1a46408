use wire::remote_fn;

#[remote_fn]
struct Job;

fn main() {}
