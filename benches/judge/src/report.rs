//! What is told at the end: a file for each table, the plot, and every single sample.

use std::fs::{create_dir_all, write};

use crate::Result;
use crate::options::Options;
use crate::sample::Samples;

pub(crate) struct Report<'a> {
    options: &'a Options,
    pub(crate) samples: Samples,
}

impl<'a> Report<'a> {
    /// The folder is made first, so that minutes of measuring are not lost for the want of it.
    pub(crate) fn new(options: &'a Options) -> Result<Self> {
        let out = &options.out;
        create_dir_all(out).map_err(|error| format!("{}: {error}", out.display()))?;
        Ok(Self { options, samples: Samples::default() })
    }

    /// Shows a table, and keeps it in a file.
    pub(crate) fn show(&self, name: &str, title: &str, markdown: &str) -> Result<()> {
        println!("\n{title}\n\n{markdown}");
        self.keep(name, markdown)
    }

    pub(crate) fn keep(&self, name: &str, content: &str) -> Result<()> {
        let path = self.options.out.join(name);
        write(&path, content).map_err(|error| format!("{}: {error}", path.display()))?;
        println!("wrote {}", path.display());
        Ok(())
    }
}
