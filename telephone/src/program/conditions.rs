//! Under which conditions a command is to run.

use std::time::Duration;

use telephone::Submission;

use super::duration;

#[derive(Debug, clap::Args)]
pub(crate) struct Conditions {
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
    pub(crate) fn submission(self, command: String) -> Submission {
        let mut submission = Submission::new(command);
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
        submission
    }
}
