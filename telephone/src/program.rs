//! The program's command line: what it takes, and who does it.

mod cancel;
mod cmd;
mod completions;
mod conditions;
mod context;
mod duration;
mod exit;
mod functions;
mod input;
mod interrupt;
mod jobs;
mod map;
mod output;
mod partner;
mod repl;
mod report;
mod result;
mod run;
mod serve;
mod status;
mod table;

use clap::{Parser, Subcommand};

pub(crate) use context::Context;
pub(crate) use exit::{Exit, Failed};
pub(crate) use output::Output;

/// Commands for the other machines in the house.
///
/// A server takes commands, which are Lisp, keeps them in a queue that survives it, and runs them
/// where they can do no harm. Everything else here speaks to such a server, a partner: the selected
/// one, or --partner, or, if none is known yet, the one on this machine.
#[derive(Debug, Parser)]
#[command(
    name = "telephone",
    version,
    arg_required_else_help = true,
    after_help = exit::CODES,
    after_long_help = exit::CODES_AND_JSON,
    max_term_width = 100,
    disable_help_subcommand = true
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    context: context::Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Arguments),
    Partner(partner::Arguments),
    Run(run::Arguments),
    Cmd(cmd::Arguments),
    Result(result::Arguments),
    Cancel(cancel::Arguments),
    Jobs(jobs::Arguments),
    Map(map::Arguments),
    Status(status::Arguments),
    Functions(functions::Arguments),
    Repl(repl::Arguments),
    Completions(completions::Arguments),
}

impl Arguments {
    /// Does what they say.
    pub(crate) async fn execute(self) -> Exit {
        let context = Context::new(self.context);
        let done = match self.command {
            Command::Serve(arguments) => serve::execute(&context, arguments).await,
            Command::Partner(arguments) => partner::execute(&context, arguments),
            Command::Run(arguments) => run::execute(&context, arguments).await,
            Command::Cmd(arguments) => cmd::execute(&context, arguments).await,
            Command::Result(arguments) => result::execute(&context, arguments).await,
            Command::Cancel(arguments) => cancel::execute(&context, arguments).await,
            Command::Jobs(arguments) => jobs::execute(&context, arguments).await,
            Command::Map(arguments) => map::execute(&context, arguments).await,
            Command::Status(arguments) => status::execute(&context, arguments).await,
            Command::Functions(arguments) => functions::execute(&context, arguments).await,
            Command::Repl(arguments) => repl::execute(&context, arguments).await,
            Command::Completions(arguments) => completions::execute(&context, &arguments),
        };
        done.unwrap_or_else(|failed| context.output().failed(&failed))
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_defined() {
        Arguments::command().debug_assert();
    }
}
