//! `status`: how the partners are.

use std::time::{Duration, Instant};

use comfy_table::{Cell, Color};
use futures_util::future::join_all;
use jiff::Timestamp;
use serde::Serialize;
use telephone::api::{Kind, Status};
use telephone::partner::{Partner, PartnerError};
use tokio::time::timeout;

use super::{Context, Exit, Failed, Output, duration, table};

/// Show how the partners are: up, how quick, how much is queued
///
/// All partners are asked at the same time, or only --partner. The exit code is 3 if one is down.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How long a partner may take to answer
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = duration::parse)]
    timeout: Duration,
}

pub(crate) async fn execute(context: &Context, arguments: Arguments) -> Result<Exit, Failed> {
    let partners = match context.chosen() {
        Some(_) => vec![context.partner()?],
        None => all(context)?,
    };
    let asked = partners.into_iter().map(|partner| ask(partner, arguments.timeout));
    let asked = join_all(asked).await;
    show(context.output(), &asked)?;
    let down = asked.iter().any(|partner| !partner.up);
    Ok(if down { Exit::Partner } else { Exit::Done })
}

/// All partners that one has, or the one on this machine.
fn all(context: &Context) -> Result<Vec<Partner>, Failed> {
    let partners = context.partners()?;
    if partners.is_empty() {
        return Ok(vec![context.partner()?]);
    }
    partners.iter().map(|(name, known)| context.reach(Some(name), known)).collect()
}

/// A partner, asked; as JSON it looks as in a server's own list of partners.
#[derive(Serialize)]
pub(crate) struct Asked {
    name: String,
    address: String,
    up: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    latency_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

/// Asks twice, since the first question lays the connection: the second one's time is the latency.
pub(crate) async fn ask(partner: Partner, patience: Duration) -> Asked {
    let answer = async {
        partner.status().await?;
        let begun = Instant::now();
        let status = partner.status().await?;
        Ok::<_, PartnerError>((status, begun.elapsed()))
    };
    let mut asked = Asked {
        name: partner.name().to_owned(),
        address: partner.address().to_owned(),
        up: false,
        latency_ms: None,
        status: None,
        problem: None,
    };
    match timeout(patience, answer).await {
        Ok(Ok((status, latency))) => {
            asked.up = true;
            asked.latency_ms = Some(latency.as_secs_f64() * 1e3);
            asked.status = Some(status);
        }
        Ok(Err(error)) => asked.problem = Some(error.failure().to_string()),
        Err(_) => {
            asked.problem = Some(format!("no answer within {}", duration::shown(patience)));
        }
    }
    asked
}

pub(crate) fn show(output: Output, asked: &[Asked]) -> Result<(), Failed> {
    if output.json {
        return output.json(&asked);
    }
    let head = ["NAME", "ADDRESS", "STATE", "LATENCY", "WAITING", "RUNNING", "UP SINCE", "SERVER"];
    let mut list = table::with_head(&head);
    for partner in asked {
        let state = if partner.up { ("up", Color::Green) } else { ("down", Color::Red) };
        let latency =
            partner.latency_ms.map(|ms| duration::shown(Duration::from_secs_f64(ms / 1e3)));
        let status = partner.status.as_ref();
        let queue = status.and_then(|status| status.queue);
        list.add_row([
            Cell::new(&partner.name),
            Cell::new(&partner.address),
            Cell::new(state.0).fg(state.1),
            Cell::new(latency.unwrap_or_default()),
            Cell::new(
                queue.map_or_else(String::new, |queue| {
                    format!("{} of {}", queue.waiting, queue.limit)
                }),
            ),
            Cell::new(queue.map_or_else(String::new, |queue| {
                format!("{} of {}", queue.running, queue.concurrency)
            })),
            Cell::new(status.and_then(|status| status.since).map_or_else(String::new, ago)),
            Cell::new(status.map_or_else(String::new, server)),
        ]);
    }
    output.styled(table::text(&list))?;
    for partner in asked {
        if let Some(problem) = &partner.problem {
            output.problem(format_args!("{}: {problem}", partner.name));
        }
    }
    Ok(())
}

fn ago(since: Timestamp) -> String {
    let up = Duration::try_from(Timestamp::now().duration_since(since)).unwrap_or_default();
    duration::shown(up)
}

fn server(status: &Status) -> String {
    match (&status.kind, &status.version) {
        (Kind::Original, _) => "the original's endpoints".to_owned(),
        (_, Some(version)) => format!("telephone {version}"),
        (_, None) => "telephone".to_owned(),
    }
}
