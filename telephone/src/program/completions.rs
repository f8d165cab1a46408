//! `completions`: what lets a shell complete the command line.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use super::{Context, Exit, Failed};

/// Print what lets a shell complete this command line
///
/// For bash: telephone completions bash > ~/.local/share/bash-completion/completions/telephone
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The shell
    shell: Shell,
}

pub(crate) fn execute(_: &Context, arguments: &Arguments) -> Result<Exit, Failed> {
    let mut script = Vec::new();
    generate(arguments.shell, &mut super::Arguments::command(), "telephone", &mut script);
    io::stdout().lock().write_all(&script)?;
    Ok(Exit::Done)
}
