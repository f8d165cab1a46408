use wire::remote_fn;

struct Job;

#[remote_fn]
fn next() -> Job {
    Job
}

#[remote_fn]
fn last() -> Result<i64, Job> {
    Err(Job)
}

fn main() {}
