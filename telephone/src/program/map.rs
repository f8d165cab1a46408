//! `map`: a function over items, done by several partners.

use std::io::{IsTerminal, stderr};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use telephone::lisp::Form;
use telephone::partner::Partner;
use telephone::{Hint, Map, MapProgress, MapSettings, Outcome};

use super::interrupt::Interrupt;
use super::output::in_a_line;
use super::{Context, Exit, Failed, Output, duration, input};

/// Call a function for each item, on several partners at once
///
/// Prints a line for each item, in their order: its value, or (ERROR CONDITION), with the hint on
/// standard error. An item may be worked on more than once, if a partner is lost or lags. Ctrl-C
/// cancels what the partners have.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Lisp: a name, or (lambda (item) ..)
    function: String,
    /// Lisp data, one item each; without any they are read from standard input
    #[arg(allow_negative_numbers = true)]
    items: Vec<String>,
    /// Read the items from this file, as many as it has data in it; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "items")]
    from_file: Option<PathBuf>,
    /// The items are strings: each argument, or each line, as it stands
    #[arg(long)]
    strings: bool,
    /// The partners, names or addresses; all that are known, if nothing is said
    #[arg(long, value_name = "A,B,C", value_delimiter = ',')]
    partners: Vec<String>,
    /// At most so many items in one command
    #[arg(long, value_name = "COUNT")]
    chunk: Option<NonZeroUsize>,
    /// So many commands at a time for each partner
    #[arg(long, value_name = "COUNT")]
    in_flight: Option<NonZeroUsize>,
    /// Give a command to an idle partner too if its own takes longer
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    lag: Option<Duration>,
    /// Give up when no partner could be reached for so long
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    patience: Option<Duration>,
}

pub(crate) async fn execute(context: &Context, arguments: Arguments) -> Result<Exit, Failed> {
    let partners = partners(context, &arguments.partners)?;
    let settings = arguments.settings();
    let items = arguments.items()?;
    let map = Map::new(&arguments.function, items.clone())?.settings(settings);
    let mut interrupt = Interrupt::new()?;
    let mut signal = None;
    let bar = bar(items.len());
    let begun = Instant::now();
    let mut last = MapProgress::default();
    let stop = async { signal = Some(interrupt.next().await) };
    let outcomes = map
        .run_until(&partners, stop, |progress| {
            bar.set_position(progress.done as u64);
            bar.set_message(message(progress, &partners));
            last.clone_from(progress);
        })
        .await;
    bar.finish_and_clear();
    show(context.output(), &items, &outcomes)?;
    if stderr().is_terminal() {
        context.output().note(summary(&last, begun.elapsed()));
    }
    Ok(signal.map_or_else(|| exit(&outcomes), Exit::by_signal))
}

impl Arguments {
    fn settings(&self) -> MapSettings {
        let mut settings = MapSettings::default();
        if let Some(items) = self.chunk {
            settings = settings.chunk(items);
        }
        if let Some(commands) = self.in_flight {
            settings = settings.in_flight(commands);
        }
        if let Some(lag) = self.lag {
            settings = settings.lag(lag);
        }
        if let Some(patience) = self.patience {
            settings = settings.patience(patience);
        }
        settings
    }

    /// Each as one datum.
    fn items(&self) -> Result<Vec<String>, Failed> {
        let string = |text: &str| Form::String(text.to_owned()).to_string();
        if !self.items.is_empty() {
            let as_written = |item: &String| if self.strings { string(item) } else { item.clone() };
            return Ok(self.items.iter().map(as_written).collect());
        }
        let text = input::file(self.from_file.as_deref())?;
        if self.strings {
            return Ok(text.lines().map(string).collect());
        }
        let forms = Form::read_all(&text)
            .map_err(|error| Failed::usage(format!("the items are not Lisp data: {error}")))?;
        Ok(forms.iter().map(Form::to_string).collect())
    }
}

/// Those of `--partners`, or the one of `--partner`, or all that are known.
fn partners(context: &Context, named: &[String]) -> Result<Vec<Partner>, Failed> {
    let known = context.partners()?;
    if !named.is_empty() {
        return named.iter().map(|name| context.partner_called(&known, name)).collect();
    }
    if context.chosen().is_some() || known.is_empty() {
        return Ok(vec![context.partner()?]);
    }
    known.iter().map(|(name, known)| context.reach(Some(name), known)).collect()
}

/// It shows itself on a terminal only.
fn bar(items: usize) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(items as u64), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{bar:30} {pos} of {len} · {eta} left · {msg}");
    style.map(|style| bar.clone().with_style(style)).unwrap_or(bar)
}

/// `kitchen 410, attic down`
fn message(progress: &MapProgress, partners: &[Partner]) -> String {
    let each = partners.iter().zip(&progress.partners).map(|(partner, part)| match part.up {
        true => format!("{} {}", partner.name(), part.done),
        false => format!("{} down", partner.name()),
    });
    in_a_line(&each.collect::<Vec<_>>().join(", "), 60)
}

fn summary(progress: &MapProgress, took: Duration) -> String {
    format!(
        "{} of {} items, {} without a value, in {} by {} commands",
        progress.done,
        progress.of,
        progress.unwound,
        duration::shown(took),
        progress.commands
    )
}

/// An item and what became of it.
#[derive(Serialize)]
struct Mapped<'a> {
    item: &'a str,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a Hint>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

impl<'a> Mapped<'a> {
    fn new(item: &'a str, outcome: &'a Outcome) -> Self {
        let mapped = Self { item, state: "lost", value: None, hint: None, reason: None };
        match outcome {
            Outcome::Finished(value) => Self { state: "finished", value: Some(value), ..mapped },
            Outcome::Unwound(hint) => Self { state: "unwound", hint: Some(hint), ..mapped },
            Outcome::Lost(reason) => Self { reason: Some(reason), ..mapped },
            _ => mapped,
        }
    }
}

fn show(output: Output, items: &[String], outcomes: &[Outcome]) -> Result<(), Failed> {
    let mapped = items.iter().zip(outcomes).map(|(item, outcome)| Mapped::new(item, outcome));
    if output.json {
        return output.json(&mapped.collect::<Vec<_>>());
    }
    for (place, mapped) in mapped.enumerate() {
        let item = || format!("item {place}, {}", in_a_line(mapped.item, 40));
        match (mapped.value, mapped.hint) {
            (Some(value), _) => output.line(value)?,
            (None, Some(hint)) => {
                output.line(&format!("(ERROR {})", hint.condition))?;
                output.problem(format_args!("{}: {hint}", item()));
            }
            (None, None) => {
                output.line("(ERROR LOST)")?;
                output.problem(format_args!("{}: {}", item(), mapped.reason.unwrap_or_default()));
            }
        }
    }
    Ok(())
}

fn exit(outcomes: &[Outcome]) -> Exit {
    let any = |what: fn(&Outcome) -> bool| outcomes.iter().any(what);
    if any(|outcome| matches!(outcome, Outcome::Lost(_))) {
        Exit::Partner
    } else if any(|outcome| outcome.value().is_none()) {
        Exit::Unwound
    } else {
        Exit::Done
    }
}
