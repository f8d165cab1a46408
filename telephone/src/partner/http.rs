//! `HttpLine`: a partner behind HTTP, by its JSON API.

mod answer;
mod client;

pub(super) use answer::{MAX_ANSWER, failure, heard};

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::http::Method;
use reqwest::{Client, RequestBuilder};
use tokio::time::sleep;

use super::Failure;
use super::address::Address;
use super::events::Events;
use super::original::OriginalLine;
use super::turns::Turns;
use crate::api::{self, FunctionDescription, JobFilter, Status};
use crate::job::{Job, JobId, Submission};
use crate::original::Answer;
use answer::Heard;

#[derive(Clone)]
pub(super) struct HttpLine {
    client: Client,
    address: Address,
    token: Option<Arc<str>>,
    /// Whether there turned out to be no JSON API. All clones know.
    original: Arc<AtomicBool>,
}

impl HttpLine {
    pub(super) fn new(address: &Address) -> Result<Self, Failure> {
        Ok(Self {
            client: client::client(address.scheme())?,
            address: address.clone(),
            token: None,
            original: Arc::default(),
        })
    }

    pub(super) fn set_token(&mut self, token: String) {
        self.token = Some(token.into());
    }

    pub(super) fn is_original(&self) -> bool {
        self.original.load(Ordering::Relaxed)
    }

    pub(super) async fn submit(&self, submission: &Submission) -> Result<Job, Failure> {
        let request = || self.request(Method::POST, api::JOBS).json(submission);
        match self.ask(request).await? {
            Some(heard) => heard.value()?.ok_or_else(Failure::no_json_api),
            None => self.as_original().submit(submission).await,
        }
    }

    pub(super) async fn job(&self, id: &JobId) -> Result<Option<Job>, Failure> {
        match self.ask(|| self.request(Method::GET, &path(id))).await? {
            Some(heard) => heard.value(),
            None => self.as_original().job(id).await,
        }
    }

    pub(super) async fn wait(
        &self,
        id: &JobId,
        patience: Duration,
    ) -> Result<Option<Job>, Failure> {
        let mut turns = Turns::new(patience);
        loop {
            let turn = turns.next().await;
            let request = || {
                let request = self.request(Method::GET, &path(id));
                request.query(&[("wait", turn.as_secs_f64())]).timeout(turn + PATIENCE)
            };
            let Some(heard) = self.ask(request).await? else {
                return self.as_original().wait(id, turns.left()).await;
            };
            let job: Option<Job> = heard.value()?;
            if turn.is_zero() || job.as_ref().is_none_or(|job| job.state.is_ended()) {
                return Ok(job);
            }
        }
    }

    pub(super) async fn cancel(&self, id: &JobId) -> Result<Option<Job>, Failure> {
        match self.ask(|| self.request(Method::DELETE, &path(id))).await? {
            Some(heard) => heard.value(),
            None => Err(Failure::Unsupported { what: "cancel a command" }),
        }
    }

    pub(super) async fn jobs(&self, filter: &JobFilter) -> Result<Vec<Job>, Failure> {
        match self.ask(|| self.request(Method::GET, api::JOBS).query(filter)).await? {
            Some(heard) => heard.value()?.ok_or_else(Failure::no_json_api),
            None => Err(Failure::Unsupported { what: "list its commands" }),
        }
    }

    pub(super) async fn status(&self) -> Result<Status, Failure> {
        match self.ask(|| self.request(Method::GET, api::STATUS)).await? {
            Some(heard) => heard.value()?.ok_or_else(Failure::no_json_api),
            None => self.as_original().status().await,
        }
    }

    pub(super) async fn functions(&self) -> Result<Vec<FunctionDescription>, Failure> {
        match self.ask(|| self.request(Method::GET, api::FUNCTIONS)).await? {
            Some(heard) => heard.value()?.ok_or_else(Failure::no_json_api),
            None => Ok(Vec::new()),
        }
    }

    pub(super) async fn remote_command(&self, command: &str) -> Result<JobId, Failure> {
        self.as_original().remote_command(command).await
    }

    pub(super) async fn remote_result(&self, id: &JobId) -> Result<Answer, Failure> {
        self.as_original().remote_result(id).await
    }

    /// The changes of a command; `None` if there is no JSON API, as is known from then on.
    pub(super) async fn events(&self, id: &JobId) -> Result<Option<Events>, Failure> {
        let path = format!("{}/events", path(id));
        // It lasts as long as the command, so that only silence ends it.
        let request = self.request(Method::GET, &path).timeout(FOR_EVER);
        let response = request.send().await.map_err(|error| failure(&error))?;
        if response.status().is_success() {
            return Ok(Some(Events::new(response)));
        }
        match Heard::of(response).await? {
            heard if heard.is_nowhere() => self.settle().await.map(|()| None),
            heard => match heard.value::<Job>()? {
                Some(_) => Err(Failure::no_json_api()),
                None => Err(Failure::NoSuchJob),
            },
        }
    }

    /// Finds out anew what there is, after it was found that there is nothing: a proxy may have
    /// answered for a server that was being started.
    pub(super) fn look_again(&self) {
        self.original.store(false, Ordering::Relaxed);
    }

    /// A request with the token, and a time after which its answer counts as lost.
    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.address));
        let request = request.timeout(PATIENCE);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Asks, and asks again if the answer was lost. `None` if there is no JSON API.
    async fn ask(&self, request: impl Fn() -> RequestBuilder) -> Result<Option<Heard>, Failure> {
        if self.is_original() {
            return Ok(None);
        }
        let mut pauses = PAUSES.into_iter();
        let heard = loop {
            match (heard(request()).await, pauses.next()) {
                (Err(Failure::Lost { .. }), Some(pause)) => sleep(pause).await,
                (heard, _) => break heard?,
            }
        };
        if heard.is_nowhere() { self.settle().await.map(|()| None) } else { Ok(Some(heard)) }
    }

    /// Makes sure that it is the original, after its API was found nowhere: a proxy whose server is
    /// just being started says so too. The original answers as such, and still has no API then.
    async fn settle(&self) -> Result<(), Failure> {
        self.as_original().status().await?;
        if !heard(self.request(Method::GET, api::STATUS)).await?.is_nowhere() {
            return Err(Failure::Lost { why: "its server was just being started".to_owned() });
        }
        self.original.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn as_original(&self) -> OriginalLine<'_> {
        OriginalLine::new(self)
    }
}

impl Failure {
    fn no_json_api() -> Self {
        Self::Misspoken { why: "a part of its JSON API is missing".to_owned() }
    }
}

fn path(id: &JobId) -> String {
    format!("{}/{id}", api::JOBS)
}

/// How long an answer may take that nothing is waited for: a queue on a slow disk needs a fraction.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// A day, after which a stream of events is asked for anew.
const FOR_EVER: Duration = Duration::from_secs(24 * 60 * 60);
/// Before a lost answer is asked for again: long enough for a server to be started again by its
/// supervisor, and short enough to sit through.
pub(super) const PAUSES: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(400)];
