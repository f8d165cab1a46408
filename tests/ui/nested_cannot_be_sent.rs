use wire::{Wire, remote, remote_fn};

struct Job;

#[remote_fn]
fn run(times: i64, job: Job);

async fn call(wire: &Wire) {
    let _ = remote!(wire, <run>(@g(), Job));
}

fn main() {}
