//! A CMUCL at a terminal: what somebody types, and what is shown.

use std::process::Stdio;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::program;

/// It dies with its handle.
pub(crate) struct Terminal {
    _process: Child,
    keyboard: ChildStdin,
    screen: ChildStdout,
    seen: String,
}

impl Terminal {
    /// Runs a command line that starts a CMUCL. `None`, said aloud, if there is none here.
    pub(crate) fn run(command: &str) -> Option<Self> {
        drop(program::start(&[], &[])?);
        // What goes to standard error is shown among the rest, as at a terminal.
        let mut process = Command::new("sh")
            .args(["-c", &format!("exec {command} 2>&1")])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let keyboard = process.stdin.take().unwrap();
        let screen = process.stdout.take().unwrap();
        Some(Self { _process: process, keyboard, screen, seen: String::new() })
    }

    /// Types these lines.
    pub(crate) async fn enter(&mut self, lines: &str) {
        println!("{lines}");
        self.keyboard.write_all(format!("{lines}\n").as_bytes()).await.unwrap();
    }

    /// Waits for `text`, and gives what stood before it.
    pub(crate) async fn until(&mut self, text: &str) -> String {
        loop {
            if let Some(at) = self.seen.find(text) {
                let before = self.seen[..at].to_owned();
                self.seen.drain(..at + text.len());
                return before;
            }
            let mut octets = [0; 1024];
            let count = self.screen.read(&mut octets).await.unwrap();
            assert!(count > 0, "Lisp ended before {text:?}: {}", self.seen);
            let shown = String::from_utf8_lossy(&octets[..count]);
            print!("{shown}");
            self.seen += &shown;
        }
    }

    /// The port that `wire:run-server` says it serves.
    pub(crate) async fn port(&mut self) -> u16 {
        self.until("serving port ").await;
        self.until("\n").await.parse().unwrap()
    }
}
