//! `jobs`: a partner's commands.

use std::time::Duration;

use comfy_table::{Cell, Color};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use telephone::api::JobFilter;
use telephone::{Job, State};

use super::output::in_a_line;
use super::{Context, Exit, Failed, Output, duration, table};

/// List a partner's commands, the latest first
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Only those in this state
    #[arg(long, value_name = "STATE", value_parser = state)]
    state: Option<State>,
    /// At most so many
    #[arg(long, short = 'n', value_name = "COUNT", default_value_t = 20)]
    limit: u32,
}

pub(crate) async fn execute(context: &Context, arguments: Arguments) -> Result<Exit, Failed> {
    let mut filter = JobFilter::all().limit(arguments.limit);
    if let Some(state) = arguments.state {
        filter = filter.state(state);
    }
    let jobs = context.partner()?.jobs(filter).await?;
    show(context.output(), &jobs)?;
    Ok(Exit::Done)
}

pub(crate) fn show(output: Output, jobs: &[Job]) -> Result<(), Failed> {
    if output.json {
        return output.json(&jobs);
    }
    if jobs.is_empty() {
        output.note("no commands");
        return Ok(());
    }
    let mut list = table::with_head(&["ID", "STATE", "SUBMITTED", "TOOK", "COMMAND", "RESULT"]);
    for job in jobs {
        list.add_row([
            Cell::new(&job.id),
            Cell::new(job.state).fg(colour(job.state)),
            Cell::new(time(job.submitted)),
            Cell::new(took(job).map_or_else(String::new, duration::shown)),
            Cell::new(in_a_line(&job.command, SHOWN)),
            Cell::new(in_a_line(&result(job), SHOWN)),
        ]);
    }
    output.styled(table::text(&list))
}

fn result(job: &Job) -> String {
    match (&job.value, &job.hint, &job.progress) {
        (Some(value), ..) => value.clone(),
        (None, Some(hint), _) => hint.to_string(),
        (None, None, Some(progress)) => {
            format!("{:.0} % {}", progress.fraction * 100.0, progress.note)
        }
        (None, None, None) => String::new(),
    }
}

/// How long it has run, or ran.
fn took(job: &Job) -> Option<Duration> {
    let end = job.ended.unwrap_or_else(Timestamp::now);
    Duration::try_from(end.duration_since(job.started?)).ok()
}

/// The time of day here; the date too, if that is not today's.
fn time(at: Timestamp) -> String {
    let zone = TimeZone::system();
    let (at, now) = (at.to_zoned(zone.clone()), Timestamp::now().to_zoned(zone));
    let format = if at.date() == now.date() { "%H:%M:%S" } else { "%Y-%m-%d %H:%M:%S" };
    at.strftime(format).to_string()
}

fn colour(state: State) -> Color {
    match state {
        State::Finished => Color::Green,
        State::Unwound | State::Interrupted => Color::Red,
        State::Running => Color::Cyan,
        State::Cancelled | State::Expired => Color::Yellow,
        _ => Color::Reset,
    }
}

/// The states by the words that JSON has for them.
fn state(word: &str) -> Result<State, String> {
    let told = || {
        "a state is waiting, running, finished, unwound, cancelled, expired or interrupted"
            .to_owned()
    };
    serde_json::from_value(serde_json::Value::String(word.to_owned())).map_err(|_| told())
}

/// Characters of a command or a result.
const SHOWN: usize = 60;
