//! `Partner::follow`: each change of a command, whatever happens to connections.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use tokio::time::sleep;

use super::events::Events;
use super::http::HttpLine;
use super::line::Line;
use super::{Failure, Partner, PartnerError};
use crate::job::{Job, JobId};

pub(super) fn follow(partner: Partner, id: JobId) -> BoxStream<'static, Result<Job, PartnerError>> {
    let following = Following { partner, id, known: None, events: None, over: false };
    stream::unfold(following, |mut following| async move {
        let item = following.next().await?;
        Some((item, following))
    })
    .boxed()
}

struct Following {
    partner: Partner,
    id: JobId,
    /// As it was told last.
    known: Option<Job>,
    /// The stream of a partner that has one, while it stands.
    events: Option<Events>,
    over: bool,
}

impl Following {
    async fn next(&mut self) -> Option<Result<Job, PartnerError>> {
        if self.over {
            return None;
        }
        let change = self.change_in_spite_of_failures().await;
        self.over = change.as_ref().map_or(true, |job| job.state.is_ended());
        self.known = change.as_ref().ok().cloned();
        Some(self.partner.told(change))
    }

    async fn change_in_spite_of_failures(&mut self) -> Result<Job, Failure> {
        let mut failures = 0;
        loop {
            match self.change().await {
                Err(failure) if failure.is_of_the_moment() && failures < MAX_FAILURES => {
                    failures += 1;
                    self.events = None;
                    sleep(PAUSE * failures).await;
                }
                change => return change,
            }
        }
    }

    /// Waits until the command is another than it was known to be.
    async fn change(&mut self) -> Result<Job, Failure> {
        loop {
            let job = match self.partner.line.clone() {
                Line::Http(line) if line.is_original() => {
                    polled(&line, &self.id, self.known.as_ref()).await?
                }
                Line::Http(line) => self.told_by_event(&line).await?,
                Line::Wire(line) => line.change(&self.id, self.known.as_ref()).await?,
            };
            if let Some(job) = job.filter(|job| Some(job) != self.known.as_ref()) {
                return Ok(job);
            }
        }
    }

    /// What the next event says. `None` if it turned out that there are none to be had, or if the
    /// partner ended the stream, as one does that shuts down.
    async fn told_by_event(&mut self, line: &HttpLine) -> Result<Option<Job>, Failure> {
        let events = match &mut self.events {
            Some(events) => events,
            empty => match line.events(&self.id).await? {
                Some(events) => empty.insert(events),
                None => return Ok(None),
            },
        };
        match events.next().await? {
            Some(data) => serde_json::from_str(&data)
                .map(Some)
                .map_err(|error| Failure::Misspoken { why: error.to_string() }),
            None => Err(Failure::Lost { why: "the partner ended the stream of events".to_owned() }),
        }
    }
}

/// How the command stands, if that is another than it was known to be.
async fn polled(line: &HttpLine, id: &JobId, known: Option<&Job>) -> Result<Option<Job>, Failure> {
    if known.is_some() {
        sleep(POLL).await;
    }
    let job = line.job(id).await?.ok_or(Failure::NoSuchJob)?;
    // Nothing but these two can change there: the times are those of asking.
    let same = |known: &Job| known.state == job.state && known.value == job.value;
    Ok((!known.is_some_and(same)).then_some(job))
}

/// How often in a row a connection may fail.
const MAX_FAILURES: u32 = 5;
/// Before the first new attempt; the others wait as many times as long: 3 s in all.
const PAUSE: Duration = Duration::from_millis(200);
/// Between questions to a partner that can only be polled.
const POLL: Duration = Duration::from_millis(100);
