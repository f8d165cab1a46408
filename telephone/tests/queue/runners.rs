//! Runners that do as their commands say.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use telephone::queue::{ProgressSink, Runner};
use telephone::{Hint, Job, Progress};
use tokio::sync::watch;

/// Knows a few words, of which a command begins with one.
#[derive(Clone)]
pub(crate) struct Words {
    gate: watch::Sender<bool>,
}

impl Words {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { gate: watch::channel(false).0 })
    }

    /// Lets all go on that say `gate`.
    pub(crate) fn open(&self) {
        self.gate.send_replace(true);
    }
}

impl Runner for Words {
    fn run(&self, job: Job, progress: ProgressSink) -> BoxFuture<'_, Result<String, Hint>> {
        let mut gate = self.gate.subscribe();
        Box::pin(async move {
            let (word, rest) = job.command.split_once(' ').unwrap_or((&job.command, ""));
            match word {
                "say" => Ok(rest.to_owned()),
                "repeat" => Ok("x".repeat(rest.parse().unwrap())),
                "fail" => Err(Hint::new("SIMPLE-ERROR", rest)),
                "panic" => panic!("{rest}"),
                "gate" => {
                    gate.wait_for(|open| *open).await.unwrap();
                    Ok(rest.to_owned())
                }
                "halfway" => {
                    progress.report(Progress::new(0.5, rest));
                    gate.wait_for(|open| *open).await.unwrap();
                    Ok("done".to_owned())
                }
                "hang" => pending().await,
                "nap" => {
                    tokio::time::sleep(Duration::from_millis(rest.parse().unwrap())).await;
                    Ok("rested".to_owned())
                }
                other => panic!("no such word: {other}"),
            }
        })
    }
}
