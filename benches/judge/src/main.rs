//! The judge: starts the programs of the contestants, a server and a client for each figure,
//! alternates between them, and writes tables, a plot and every single sample.
//!
//! ```text
//! judge compare programs=DIR out=DIR peers=NAME,NAME.. [rounds=N] [seconds=N] [smoke=true]
//! judge fill DIR PAGE..                                # tables of that folder into pages
//! ```
//!
//! `benches/run` builds the programs and then this one, and runs it.

mod bout;
mod comparison;
mod contestant;
mod figure;
mod goal;
mod growth;
mod line;
mod look;
mod machine;
mod memory;
mod options;
mod pages;
mod plot;
mod process;
mod proxy;
mod report;
mod sample;
mod statistics;
mod svg;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use crate::bout::Runtime;
use crate::comparison::Comparison;
use crate::growth::Growth;
use crate::options::Options;
use crate::report::Report;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let done = match words.next().as_deref() {
        Some("compare") => Options::parse(words).and_then(|options| compare(&options)),
        Some("fill") => fill(words),
        _ => Err("the first word is compare or fill".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn compare(options: &Options) -> Result<()> {
    let began = Instant::now();
    let mut report = Report::new(options)?;
    report.show("machine.md", "Measured on", &machine::told(options))?;
    let multi = Comparison::measure(options, Runtime::Multi, &mut report.samples)?;
    report.show("multi.md", "On the multi-thread runtime", &multi.table())?;
    report.show("missed.md", "Goals missed there", &multi.missed())?;
    report.keep("brief.md", &multi.brief())?;
    let current = Comparison::measure(options, Runtime::Current, &mut report.samples)?;
    report.show("current.md", "On the current-thread runtime", &current.table())?;
    for axis in growth::axes(options) {
        let growth = Growth::measure(options, axis, &mut report.samples)?;
        report.show(growth.axis.file, growth.axis.title, &growth.table())?;
        if let Some(plot) = plot::of(&growth) {
            report.keep("in-flight.svg", &plot)?;
        }
    }
    report.keep("samples.tsv", &report.samples.tsv())?;
    println!("took {} s", began.elapsed().as_secs());
    Ok(())
}

fn fill(mut words: impl Iterator<Item = String>) -> Result<()> {
    let results = PathBuf::from(words.next().ok_or("fill wants a folder of results")?);
    words.try_for_each(|page| pages::fill(Path::new(&page), &results))
}
