//! The program, serving.

use std::process::Stdio;
use std::time::Duration;

use telephone::partner::Partner;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// Only a hang takes so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server on a free port of loopback, with settings and a queue of its own.
pub(crate) struct Served {
    _process: Child,
    lines: Lines<BufReader<ChildStdout>>,
    address: String,
    _home: TempDir,
}

impl Served {
    /// Starts `telephone serve` with these arguments besides.
    pub(crate) async fn start(arguments: &[&str]) -> Self {
        let home = TempDir::new().unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_telephone"))
            .args(["serve", "--address", "127.0.0.1:0", "--database", "memory"])
            .args(arguments)
            .env("TELEPHONE_CONFIG", home.path().join("partners.toml"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let said = next(&mut lines).await;
        let address = said.strip_prefix("listening on ").expect(&said).to_owned();
        Self { _process: process, lines, address, _home: home }
    }

    /// Where it listens, `http://127.0.0.1:PORT`.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// It, as a partner.
    pub(crate) fn partner(&self) -> Partner {
        Partner::new(&self.address).unwrap()
    }

    /// The next line that it prints.
    pub(crate) async fn line(&mut self) -> String {
        next(&mut self.lines).await
    }
}

async fn next(lines: &mut Lines<BufReader<ChildStdout>>) -> String {
    let line = timeout(PATIENCE, lines.next_line()).await.expect("it prints in time");
    line.unwrap().expect("it has not ended")
}
