//! `Line`: how a partner is spoken to.

use std::time::Duration;

use super::Failure;
use super::http::HttpLine;
use super::wire::WireLine;
use crate::api::{FunctionDescription, JobFilter, Status};
use crate::job::{Job, JobId, Submission};
use crate::original::Answer;

/// One way or another, with the same questions.
#[derive(Clone)]
pub(super) enum Line {
    Http(HttpLine),
    Wire(WireLine),
}

/// A question, handed to whichever line there is.
macro_rules! questions {
    ($($question:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {
        impl Line {
            $(pub(super) async fn $question(&self, $($argument: $type),*) -> Result<$answer, Failure> {
                match self {
                    Self::Http(line) => line.$question($($argument),*).await,
                    Self::Wire(line) => line.$question($($argument),*).await,
                }
            })*
        }
    };
}

questions! {
    submit(submission: &Submission) -> Job;
    job(id: &JobId) -> Option<Job>;
    wait(id: &JobId, patience: Duration) -> Option<Job>;
    cancel(id: &JobId) -> Option<Job>;
    jobs(filter: &JobFilter) -> Vec<Job>;
    status() -> Status;
    functions() -> Vec<FunctionDescription>;
    remote_command(command: &str) -> JobId;
    remote_result(id: &JobId) -> Answer;
}
