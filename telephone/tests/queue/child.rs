//! A server in a process of its own, which can be killed: this program again, told what to do by
//! its environment.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use telephone::queue::{ProgressSink, Queue, QueueSettings, Runner, Storage};
use telephone::{Hint, Job, Submission};

use crate::storage::Place;

#[derive(Clone, Copy)]
pub(crate) enum Task {
    /// Runs what is there.
    Serve,
    /// Submits, and writes down which ids it was given.
    Submit,
}

pub(crate) struct Child(std::process::Child);

impl Child {
    pub(crate) fn start(place: &Place, task: Task) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "child::child_process", "--nocapture"]);
        match place.storage() {
            Storage::File(path) => command.env("QUEUE_FILE", path),
            Storage::Postgres(url) => command.env("QUEUE_POSTGRES", url),
            other => panic!("{other:?} cannot be shared"),
        };
        command.env("QUEUE_LOG", place.log().0);
        command.env("QUEUE_TASK", if let Task::Serve = task { "serve" } else { "submit" });
        Self(command.spawn().unwrap())
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.0.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    /// As `kill -9` does.
    pub(crate) fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It is gone already where the test came to its end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A file that many processes add lines to.
#[derive(Clone)]
pub(crate) struct Log(pub(crate) PathBuf);

impl Log {
    /// Adds a line at once: `O_APPEND`.
    fn add(&self, line: &str) {
        let file: File = OpenOptions::new().append(true).create(true).open(&self.0).unwrap();
        (&file).write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        let text = std::fs::read_to_string(&self.0).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Writes down what it runs.
    pub(crate) fn runner(&self) -> Arc<dyn Runner> {
        Arc::new(Logging(self.clone()))
    }
}

struct Logging(Log);

impl Runner for Logging {
    fn run(&self, job: Job, _: ProgressSink) -> BoxFuture<'_, Result<String, Hint>> {
        Box::pin(async move {
            let _dropped = Dropped { log: &self.0, id: job.id.to_string() };
            self.0.add(&format!("{} {}", job.id, job.attempts));
            tokio::time::sleep(Duration::from_millis(5)).await;
            if job.command == "hang" {
                std::future::pending::<()>().await;
            }
            Ok("done".to_owned())
        })
    }
}

struct Dropped<'l> {
    log: &'l Log,
    id: String,
}

impl Drop for Dropped<'_> {
    fn drop(&mut self) {
        let mut ended = self.log.0.clone();
        ended.set_extension("ended");
        Log(ended).add(&self.id);
    }
}

/// Nothing in the process of the tests, everything in that of a child.
#[test]
fn child_process() {
    let Some(task) = std::env::var_os("QUEUE_TASK") else { return };
    let storage = match std::env::var("QUEUE_POSTGRES") {
        Ok(url) => Storage::Postgres(url),
        Err(_) => Storage::File(std::env::var_os("QUEUE_FILE").unwrap().into()),
    };
    let log = Log(std::env::var_os("QUEUE_LOG").unwrap().into());
    let settings = QueueSettings::new(storage).concurrency(4).beat(Duration::from_millis(30));
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let queue = Queue::open(settings.dead_after(30)).await.unwrap();
        if task == "serve" {
            queue.start(log.runner());
            std::future::pending::<()>().await;
        }
        for number in 0.. {
            let command = format!("say {number}");
            let job = queue.submit(Submission::new(&command)).await.unwrap().job;
            log.add(&format!("{} {command}", job.id));
        }
    });
}
