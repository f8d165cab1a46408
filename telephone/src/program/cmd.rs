//! `cmd`: queue a command, print its id.

use super::conditions::Conditions;
use super::{Context, Exit, Failed};

/// Queue a command and print its id, without waiting
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    conditions: Conditions,
}

pub(crate) async fn execute(context: &Context, arguments: Arguments) -> Result<Exit, Failed> {
    let submission = arguments.conditions.submission()?;
    let job = context.partner()?.submit(submission).await?;
    let output = context.output();
    if output.json {
        output.json(&job)?;
    } else {
        output.line(job.id.as_str())?;
    }
    Ok(Exit::Done)
}
