use wire::{Wire, remote};

struct Job;

async fn call(wire: &Wire) {
    let _ = remote!(wire, start(Job, 1));
}

fn main() {}
