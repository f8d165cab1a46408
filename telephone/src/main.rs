//! The program `telephone`: serves commands, and sends them to those who do.

mod program;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use tokio::runtime::Builder;

use program::{Arguments, Exit};

fn main() -> ExitCode {
    // First of all: the program's evaluators are itself, started anew.
    telephone::evaluator::serve_if_child();
    let arguments = Arguments::parse();
    let runtime = match Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "telephone: no threads to run on: {error}");
            return Exit::Here.into();
        }
    };
    let exit = runtime.block_on(arguments.execute());
    // Somebody may still wait for a line of standard input, which may never come.
    runtime.shutdown_background();
    exit.into()
}
