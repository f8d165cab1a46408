//! What is told at the end.

use std::fs::{create_dir_all, read_to_string, write};
use std::time::Duration;

use crate::Result;
use crate::options::Options;
use crate::sample::Samples;

pub(crate) struct Report<'a> {
    options: &'a Options,
    pub(crate) samples: Samples,
    sections: Vec<String>,
}

impl<'a> Report<'a> {
    /// The folder is made first, so that minutes of measuring are not lost for the want of it.
    pub(crate) fn new(options: &'a Options) -> Result<Self> {
        create_dir_all(&options.out)
            .map_err(|error| format!("{}: {error}", options.out.display()))?;
        Ok(Self { options, samples: Samples::default(), sections: Vec::new() })
    }

    /// Shows a section at once, and keeps it.
    pub(crate) fn section(&mut self, markdown: &str) {
        println!("\n{markdown}");
        self.sections.push(markdown.to_owned());
    }

    pub(crate) fn write(self, plot: &str, took: Duration) -> Result<()> {
        let Options { out, rounds, seconds, .. } = self.options;
        let preface = format!(
            "# Measured\n\n{}, {} rounds of {seconds} s for each figure, medians, {} s in all.\n",
            machine(),
            rounds,
            took.as_secs()
        );
        let text = [vec![preface], self.sections].concat().join("\n");
        for (name, content) in [
            ("results.md", text.as_str()),
            ("samples.tsv", &self.samples.tsv()),
            ("in-flight.svg", plot),
        ] {
            let path = out.join(name);
            write(&path, content).map_err(|error| format!("{}: {error}", path.display()))?;
            println!("wrote {}", path.display());
        }
        Ok(())
    }
}

/// Where it was measured.
fn machine() -> String {
    let cpus = std::thread::available_parallelism().map_or(0, usize::from);
    let text = read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find_map(|line| line.strip_prefix("model name"));
    let model = model.map_or("an unknown CPU", |it| it.trim_start_matches([' ', '\t', ':']));
    let kernel = read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{cpus} CPUs ({model}), Linux {}", kernel.trim())
}
