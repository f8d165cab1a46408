//! Typed calls: both ends share a module of declarations, and the compiler holds them to it.
//!
//! ```text
//! cargo run --release --example typed
//! ```
//!
//! A `#[remote_fn]` without a body declares a function; `<path>(..)` in a call macro calls it with
//! its own types; `#[remote_fn(as = path)]` implements it, and does not compile where it differs.
//! On the wire these are the same calls by name.

use wire::{Wire, functions, remote, remote_fn, remote_value, remote_value_bind};

/// What both ends know: in real life a crate of its own.
mod shared {
    use wire::{FromWire, ToWire, remote_fn};

    #[derive(Clone, Debug, FromWire, PartialEq, ToWire)]
    pub(crate) struct Job {
        pub(crate) id: u64,
        pub(crate) command: String,
        /// Left out on the wire while there is none.
        pub(crate) exit_status: Option<i32>,
    }

    /// Runs a command, some day.
    #[remote_fn(package = "jobs")]
    pub(crate) fn submit(command: String) -> Job;

    #[remote_fn(package = "jobs")]
    pub(crate) fn finish(id: u64, exit_status: i32);

    /// How many jobs wait, and how many are done.
    #[remote_fn(package = "jobs")]
    pub(crate) fn tally(jobs: Vec<Job>) -> (usize, usize);
}

#[remote_fn(as = shared::submit)]
fn submit(command: String) -> Result<shared::Job, String> {
    if command.is_empty() {
        return Err("a job needs a command".to_owned()); // an Err may be where T was declared
    }
    Ok(shared::Job { id: 1, command, exit_status: None })
}

#[remote_fn(as = shared::finish)]
fn finish(id: u64, exit_status: i32) {
    println!("job {id} ended with {exit_status}");
}

#[remote_fn(as = shared::tally)]
fn tally(jobs: Vec<shared::Job>) -> (usize, usize) {
    let done = jobs.iter().filter(|job| job.exit_status.is_some()).count();
    (jobs.len() - done, done)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (wire, _peer) = Wire::pair(functions![], functions![submit, finish, tally])?;

    let job = remote_value!(wire, <shared::submit>("make".to_owned())).value().await?;
    println!("{job:?}");
    remote!(wire, <shared::finish>(job.id, 0))?;

    let done = shared::Job { id: 2, exit_status: Some(0), ..job.clone() };
    remote_value_bind!(wire, (waiting, done) = <shared::tally>(vec![job, done]), {
        println!("{waiting} waiting, {done} done");
    })?;

    let refused = remote_value!(wire, <shared::submit>(String::new())).value().await;
    println!("{}", refused.map_or_else(|error| error.to_string(), |job| job.command));

    for function in wire.functions().await? {
        println!("the peer offers {function}");
    }
    Ok(())
}
