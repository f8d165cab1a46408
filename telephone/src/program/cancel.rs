//! `cancel`: call a command off.

use telephone::{JobId, State};

use super::{Context, Exit, Failed, report};

/// Call a command off, whether it waits or runs
///
/// One that has ended already stays as it is, which is said.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The id that `cmd` printed
    id: JobId,
}

pub(crate) async fn execute(context: &Context, arguments: Arguments) -> Result<Exit, Failed> {
    let id = &arguments.id;
    let job = context.partner()?.cancel(id).await?.ok_or_else(|| report::unknown(id))?;
    let output = context.output();
    if output.json {
        output.json(&job)?;
    } else if job.state == State::Cancelled || !job.state.is_ended() {
        output.note(format_args!("{id} is cancelled"));
    } else {
        output.note(format_args!("{id} had {} already", job.state));
    }
    Ok(Exit::Done)
}
