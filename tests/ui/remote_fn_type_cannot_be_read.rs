use wire::remote_fn;

struct Job;

#[remote_fn]
fn start(job: Job) {
    let Job = job;
}

fn main() {}
