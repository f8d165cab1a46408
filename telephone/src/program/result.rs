//! `result`: what became of a command.

use telephone::JobId;

use super::interrupt::{Interrupt, end_of};
use super::{Context, Exit, Failed, report};

/// Print what became of a command
///
/// Without --wait the exit code is 5 while the command has not ended.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The id that `cmd` printed
    id: JobId,
    /// Wait until the command has ended. Ctrl-C ends the waiting, not the command
    #[arg(long, short)]
    wait: bool,
}

pub(crate) async fn execute(context: &Context, arguments: Arguments) -> Result<Exit, Failed> {
    let partner = context.partner()?;
    let id = &arguments.id;
    let job = if arguments.wait {
        let mut interrupt = Interrupt::new()?;
        tokio::select! {
            job = end_of(&partner, id) => job?,
            signal = interrupt.next() => return Ok(Exit::by_signal(signal)),
        }
    } else {
        partner.job(id).await?
    };
    report::job(context.output(), &job.ok_or_else(|| report::unknown(id))?)
}
