//! A command on the command line, and under which conditions it is to run.

use std::time::Duration;

use telephone::Submission;

use super::{Failed, duration, input};

#[derive(Debug, clap::Args)]
pub(crate) struct Conditions {
    /// Lisp: one form, or several, of which the last gives the value; - reads standard input
    #[arg(allow_negative_numbers = true)]
    form: String,
    /// Your own name for the command: a second one under the same key is not run
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// It may run again if a crash of the server catches it running
    #[arg(long)]
    repeatable: bool,
    /// How long it may run: 90 (seconds), 500ms, 1m30s
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    time_limit: Option<Duration>,
    /// How long it may wait for its turn, after which it does not run
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    expires: Option<Duration>,
}

impl Conditions {
    pub(crate) fn submission(self) -> Result<Submission, Failed> {
        let mut submission = Submission::new(input::command(&self.form)?);
        if let Some(key) = self.key {
            submission = submission.key(key);
        }
        if self.repeatable {
            submission = submission.repeatable();
        }
        if let Some(limit) = self.time_limit {
            submission = submission.time_limit(limit);
        }
        if let Some(wait) = self.expires {
            submission = submission.expires_after(wait);
        }
        Ok(submission)
    }
}
