//! `run`: queue a command, wait for it, print what it returns.

use super::conditions::Conditions;
use super::interrupt::{Interrupt, submit_and_wait};
use super::{Context, Exit, Failed, report};

/// Run a command: queue it, wait for it, print its value
///
/// Ctrl-C cancels it at the partner.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    conditions: Conditions,
}

pub(crate) async fn execute(context: &Context, arguments: Arguments) -> Result<Exit, Failed> {
    let submission = arguments.conditions.submission()?;
    let partner = context.partner()?;
    let mut interrupt = Interrupt::new()?;
    let waited = submit_and_wait(&partner, submission, &mut interrupt, context.output()).await?;
    report::waited(context.output(), waited)
}
