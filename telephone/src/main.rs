//! The program `telephone`: serves commands, and sends them to those who do.

use clap::Parser;

/// Commands for the other machines in the house.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Arguments {}

fn main() {
    // First of all: the program's evaluators are itself, started anew.
    telephone::evaluator::serve_if_child();
    Arguments::parse();
}
