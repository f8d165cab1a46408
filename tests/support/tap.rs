//! `examples/tap.rs` as a program, and what it prints.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use crate::example::{example, interrupt};

/// A guard against hanging, and no statement about speed.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running tap, and what it prints.
pub(crate) struct Tap {
    pub(crate) process: Child,
    pub(crate) lines: Lines<BufReader<ChildStdout>>,
    pub(crate) address: String,
}

impl Tap {
    /// In front of `target`.
    pub(crate) async fn before(target: &str, options: &[&str]) -> Self {
        let mut command = Command::new(example("tap"));
        command.args(options).args(["127.0.0.1:0", target]).stdout(Stdio::piped());
        let mut process = command.kill_on_drop(true).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let first = timeout(PATIENCE, lines.next_line()).await.unwrap().unwrap().unwrap();
        let rest = first.strip_prefix("listening on ").unwrap();
        let address =
            rest.strip_suffix(&format!(", for {target}; ctrl-c ends")).unwrap().to_owned();
        Self { process, lines, address }
    }

    /// What it prints until so many sides have ended, and until it ends by ctrl-c itself.
    ///
    /// Without what is of the moment: the time that each line begins with and each answer ends with.
    pub(crate) async fn shown(mut self, ends: usize) -> Vec<String> {
        let (mut shown, mut left) = (Vec::new(), ends);
        while left > 0 {
            let line = timeout(PATIENCE, self.lines.next_line()).await.expect("it prints an end");
            let line = line.unwrap().expect("it goes on printing");
            left -= usize::from(line.contains(" ended, after ") || line.contains(" failed: "));
            shown.push(timeless(&line));
        }
        interrupt(&self.process).await;
        let status = timeout(PATIENCE, self.process.wait()).await.unwrap().unwrap();
        assert!(status.success(), "{status}");
        while let Some(line) = self.lines.next_line().await.unwrap() {
            shown.push(timeless(&line));
        }
        shown
    }
}

/// The line from the connection's number on, and without a time at its end.
pub(crate) fn timeless(line: &str) -> String {
    let (seconds, line) = line.trim_start().split_once(' ').unwrap();
    assert!(seconds.parse::<f64>().is_ok(), "{line:?} begins with a time");
    let line = line.trim_start();
    let is_time = |time: &str| match time.split_once(' ') {
        Some((number, "µs" | "ms" | "s")) => number.parse::<f64>().is_ok(),
        _ => false,
    };
    match line.rsplit_once("  ") {
        Some((line, time)) if is_time(time) => line.to_owned(),
        _ => line.to_owned(),
    }
}
