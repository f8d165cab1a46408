//! `cmd`: queue a command, print its id.

use super::conditions::Conditions;
use super::{Context, Exit, Failed, input};

/// Queue a command and print its id, without waiting
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Lisp: one form, or several, of which the last gives the value; - reads standard input
    #[arg(allow_negative_numbers = true)]
    form: String,
    #[command(flatten)]
    conditions: Conditions,
}

pub(crate) async fn execute(context: &Context, arguments: Arguments) -> Result<Exit, Failed> {
    let submission = arguments.conditions.submission(input::command(&arguments.form)?);
    let job = context.partner()?.submit(submission).await?;
    let output = context.output();
    if output.json {
        output.json(&job)?;
    } else {
        output.line(job.id.as_str())?;
    }
    Ok(Exit::Done)
}
