//! A program of a contestant, as server or client.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use crate::Result;
use crate::contestant::Contestant;

/// No step takes as long as this; one that does hangs.
const HANG: Duration = Duration::from_secs(120);

pub(crate) struct Process {
    child: Child,
    input: ChildStdin,
    lines: Receiver<String>,
    /// For errors.
    name: String,
}

impl Process {
    pub(crate) fn start(contestant: &Contestant, role: &str, settings: &str) -> Result<Self> {
        let words = settings.split_whitespace().chain(contestant.settings.split_whitespace());
        let mut child = Command::new(&contestant.program)
            .arg(role)
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", contestant.program.display()))?;
        let name = format!("{} {role} ({settings})", contestant.name);
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(format!("{name}: no pipes").into());
        };
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(std::io::Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Self { child, input, lines, name })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn say(&mut self, word: &str) -> Result<()> {
        writeln!(self.input, "{word}").map_err(|error| format!("{}: {error}", self.name).into())
    }

    /// Its next line.
    pub(crate) fn hear(&self) -> Result<String> {
        self.lines.recv_timeout(HANG).map_err(|error| {
            let what = match error {
                RecvTimeoutError::Timeout => "hangs",
                RecvTimeoutError::Disconnected => "has ended",
            };
            format!("{} {what}", self.name).into()
        })
    }

    /// Its next line, which must begin with that word; what follows it.
    pub(crate) fn hear_of(&self, word: &str) -> Result<String> {
        let line = self.hear()?;
        match line.strip_prefix(word) {
            Some(rest) => Ok(rest.trim().to_owned()),
            None => Err(format!("{}: {line:?} is not {word:?}", self.name).into()),
        }
    }

    /// The seconds of CPU that a server has used so far.
    pub(crate) fn cpu(&mut self) -> Result<f64> {
        self.say("cpu")?;
        Ok(self.hear_of("cpu")?.parse::<f64>()? / 1e9)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It has said what it had to say; if it is gone already, all the better.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
