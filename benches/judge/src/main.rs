//! The judge: starts the programs of the contestants, a server and a client for each figure,
//! alternates between them, and writes tables, a plot and every single sample.
//!
//! `benches/run` builds the programs and then this one, and runs it.

mod bout;
mod comparison;
mod contestant;
mod figure;
mod growth;
mod memory;
mod options;
mod plot;
mod process;
mod proxy;
mod report;
mod sample;
mod statistics;
mod svg;

use std::error::Error;
use std::process::ExitCode;
use std::time::Instant;

use crate::bout::Runtime;
use crate::comparison::Comparison;
use crate::growth::Growth;
use crate::options::Options;
use crate::report::Report;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    match Options::parse(std::env::args().skip(1)).and_then(|options| run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    let began = Instant::now();
    let mut report = Report::new(options)?;
    for runtime in [Runtime::Multi, Runtime::Current] {
        let comparison = Comparison::measure(options, runtime, &mut report.samples)?;
        report.section(&comparison.markdown());
    }
    let mut in_flight = None;
    for axis in growth::axes(options) {
        let growth = Growth::measure(options, axis, &mut report.samples)?;
        report.section(&growth.markdown());
        in_flight = in_flight.or_else(|| plot::of(&growth));
    }
    report.write(&in_flight.unwrap_or_default(), began.elapsed())
}
