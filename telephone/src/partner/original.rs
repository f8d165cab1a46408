//! `OriginalLine`: a partner that has only the two endpoints of the original.

use std::time::Duration;

use axum::http::Method;
use jiff::Timestamp;
use tokio::time::sleep;

use super::Failure;
use super::http::{HttpLine, heard};
use super::turns::Turns;
use crate::api::{Kind, Status};
use crate::job::{Hint, Job, JobId, State, Submission};
use crate::original::{self, Answer, NotAnAnswer};

/// The questions that two endpoints can answer, over a line to them.
pub(super) struct OriginalLine<'a> {
    line: &'a HttpLine,
}

impl<'a> OriginalLine<'a> {
    pub(super) fn new(line: &'a HttpLine) -> Self {
        Self { line }
    }

    pub(super) async fn remote_command(&self, command: &str) -> Result<JobId, Failure> {
        let body = self.post(original::COMMAND_PATH, original::COMMAND_FIELD, command).await?;
        Ok(original::read_id_body(&body)?)
    }

    pub(super) async fn remote_result(&self, id: &JobId) -> Result<Answer, Failure> {
        let body = self.post(original::RESULT_PATH, original::RESULT_FIELD, id.as_str()).await?;
        Ok(Answer::read_body(&body)?)
    }

    pub(super) async fn submit(&self, submission: &Submission) -> Result<Job, Failure> {
        let id = self.remote_command(&submission.command).await?;
        Ok(Job { command: submission.command.clone(), ..job(id, State::Waiting) })
    }

    pub(super) async fn job(&self, id: &JobId) -> Result<Option<Job>, Failure> {
        Ok(standing(id, self.remote_result(id).await?))
    }

    pub(super) async fn wait(
        &self,
        id: &JobId,
        patience: Duration,
    ) -> Result<Option<Job>, Failure> {
        let turns = Turns::new(patience);
        let mut pause = FIRST_PAUSE;
        loop {
            let answer = self.remote_result(id).await?;
            let left = turns.left();
            if answer.is_ended() || left.is_zero() {
                return Ok(standing(id, answer));
            }
            sleep(pause.min(left)).await;
            pause = (pause * 2).min(LAST_PAUSE);
        }
    }

    pub(super) async fn status(&self) -> Result<Status, Failure> {
        self.remote_result(&JobId::random()).await?;
        Ok(Status { kind: Kind::Original, version: None, since: None, queue: None })
    }

    async fn post(&self, path: &str, field: &str, value: &str) -> Result<String, Failure> {
        let heard = heard(self.line.request(Method::POST, path).form(&[(field, value)])).await?;
        if heard.is_nowhere() {
            self.line.look_again();
            let why = format!("it has neither the JSON API nor {path}");
            return Err(Failure::Misspoken { why });
        }
        heard.text()
    }
}

impl From<NotAnAnswer> for Failure {
    fn from(error: NotAnAnswer) -> Self {
        Self::Misspoken { why: error.to_string() }
    }
}

/// A job as the original tells of it.
fn standing(id: &JobId, answer: Answer) -> Option<Job> {
    let of = |state| job(id.clone(), state);
    match answer {
        Answer::NotFound => None,
        Answer::Waiting => Some(of(State::Waiting)),
        Answer::Running => Some(of(State::Running)),
        Answer::Finished(value) => Some(Job { value: Some(value), ..of(State::Finished) }),
        Answer::Failed(condition) => {
            let hint = Hint::new(condition, "the original tells no more of an error than its type");
            Some(Job { hint: Some(hint), ..of(State::Unwound) })
        }
    }
}

/// A job of which only this is known. Its time is that of asking, since the original tells none.
fn job(id: JobId, state: State) -> Job {
    Job::new(id, "", state, Timestamp::now())
}

/// A short command is done by then.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
/// A long one is noticed half a second late, and costs the partner two questions a second.
const LAST_PAUSE: Duration = Duration::from_millis(500);
