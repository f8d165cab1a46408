//! Parts of the library by themselves: what each costs in time, allocations and instructions.
//!
//! ```text
//! micro          # every case; instructions too where valgrind is installed
//! micro NAME     # one batch of one case, for a profiler
//! ```
//!
//! A case runs in batches. What a batch needs beforehand is made outside of what is measured. The
//! time is that of the fastest batch: whatever else the machine does only adds to it.

mod case;
mod codec;
mod wires;

use std::alloc::System;
use std::error::Error;
use std::process::{Command, ExitCode};

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

use crate::case::{Case, Cost, measured};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() -> ExitCode {
    let told = match std::env::args().nth(1) {
        Some(name) => one_batch(&name),
        None => table(),
    };
    match told {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn cases() -> Result<Vec<Case>, Box<dyn Error>> {
    let mut cases = codec::cases()?;
    cases.extend(wires::cases()?);
    Ok(cases)
}

fn table() -> Result<(), Box<dyn Error>> {
    println!("| each | ns | allocations | instructions |");
    println!("|------|---:|------------:|-------------:|");
    for mut case in cases()? {
        let Cost { nanoseconds, allocations } = case.cost();
        let instructions = match instructions(case.name) {
            Some(count) => format!("{:.0}", count / case.times as f64),
            None => "no valgrind".to_owned(),
        };
        println!("| {} | {nanoseconds:.1} | {allocations:.2} | {instructions} |", case.name);
    }
    Ok(())
}

/// For a profiler: some batches to reach the steady state, then one in [`measured`].
fn one_batch(name: &str) -> Result<(), Box<dyn Error>> {
    let mut cases = cases()?;
    let case = cases.iter_mut().find(|case| case.name == name);
    let case = case.ok_or_else(|| format!("there is no case {name:?}"))?;
    for _ in 0..3 {
        (case.before)();
        (case.batch)();
    }
    (case.before)();
    measured(&mut case.batch);
    Ok(())
}

/// The instructions of a batch, all threads, if valgrind can be had.
fn instructions(name: &str) -> Option<f64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--collect-atstart=no"])
        .arg("--toggle-collect=micro::case::measured*")
        .arg(std::env::current_exe().ok()?)
        .arg(name)
        .output()
        .ok()?;
    let told = String::from_utf8_lossy(&output.stderr);
    let line = told.lines().find_map(|line| line.split_once("Collected : "))?;
    line.1.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffered_call_allocates_nothing_once_its_buffer_is_there() {
        let mut cases = cases().unwrap();
        let buffer = cases.iter_mut().find(|case| case.name.starts_with("buffer")).unwrap();
        assert_eq!(buffer.cost().allocations, 0.0);
    }
}
