//! What is said of a command that was waited for.

use telephone::{Job, JobId, State};

use super::interrupt::Waited;
use super::{Exit, Failed, Output};

/// What became of a command that was waited for.
pub(crate) fn waited(output: Output, waited: Waited) -> Result<Exit, Failed> {
    match waited {
        Waited::For(Some(ended)) => job(output, &ended),
        Waited::For(None) => Err(Failed::new(
            Exit::NoResult,
            "the partner has forgotten the command: its server may have been started anew",
        )),
        Waited::CalledOff(signal) => Ok(Exit::by_signal(signal)),
    }
}

/// A command as it stands: its value, or on standard error why there is none.
pub(crate) fn job(output: Output, job: &Job) -> Result<Exit, Failed> {
    if output.json {
        output.json(job)?;
        return Ok(Exit::of(job));
    }
    match (job.state, &job.value, &job.hint) {
        (State::Finished, Some(value), _) => output.line(value)?,
        (State::Unwound, _, Some(hint)) => output.problem(hint),
        (State::Running, ..) => output.note(running(job)),
        (State::Waiting, ..) => output.note("waiting for its turn"),
        (State::Cancelled, ..) => output.note("cancelled"),
        (State::Expired, ..) => output.note("expired: it waited for longer than it was to"),
        (State::Interrupted, ..) => output.note(
            "interrupted: a crash of its server caught it running; how far it came is not known",
        ),
        (state, ..) => output.note(state),
    }
    Ok(Exit::of(job))
}

fn running(job: &Job) -> String {
    match &job.progress {
        Some(progress) => {
            format!("running: {:.0} % {}", progress.fraction * 100.0, progress.note)
        }
        None => "running".to_owned(),
    }
}

pub(crate) fn unknown(id: &JobId) -> Failed {
    Failed::new(
        Exit::NoResult,
        format!("the partner knows no command {id}: it may have been too long ago, or elsewhere"),
    )
}
