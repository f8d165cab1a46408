//! Servers and callers, each a process of its own with a home of its own.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, Weak};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

/// A user, whose partners are in a directory that ends with the test.
pub(crate) struct House {
    directory: TempDir,
}

impl House {
    pub(crate) fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The program with these arguments, to be started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_telephone"));
        command.args(arguments).env_clear().env("HOME", self.directory.path());
        command.env("TELEPHONE_CONFIG", self.path("partners.toml"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// The program with these arguments, run to its end. It sees none of our environment.
    pub(crate) fn caller(&self, arguments: &[&str]) -> assert_cmd::Command {
        let mut command = assert_cmd::Command::from_std(self.command(arguments));
        command.timeout(LONG);
        command
    }

    /// Its output where it succeeds.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let output = self.caller(arguments).assert().success().get_output().clone();
        String::from_utf8(output.stdout).unwrap()
    }

    /// Its exit code and what it says of that.
    #[track_caller]
    pub(crate) fn fail(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.caller(arguments).assert().failure().get_output().clone();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    }
}

/// A server on a port of its own, with its queue in memory unless something else is said.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
    lines: Mutex<Receiver<String>>,
}

/// A server for all tests that do not mind each other's commands; it ends with the last of them.
pub(crate) fn shared() -> Arc<Server> {
    static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    if let Some(server) = shared.upgrade() {
        return server;
    }
    let server = Arc::new(Server::start(&House::new()));
    *shared = Arc::downgrade(&server);
    server
}

impl Server {
    pub(crate) fn start(house: &House) -> Self {
        Self::start_with(house, &["--database", "memory"])
    }

    pub(crate) fn start_with(house: &House, arguments: &[&str]) -> Self {
        let all = [&["serve", "--address", "127.0.0.1:0"], arguments].concat();
        let mut command = house.command(&all);
        let mut child = command.stderr(Stdio::inherit()).process_group(0).spawn().unwrap();
        let (sender, lines) = channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        thread::spawn(move || {
            for line in stdout.lines() {
                if line.map(|line| sender.send(line)).is_err() {
                    break;
                }
            }
        });
        let mut server = Self { child, url: String::new(), lines: Mutex::new(lines) };
        let first = server.line();
        server.url = first.strip_prefix("listening on ").unwrap().to_owned();
        server
    }

    /// The next line that it prints.
    pub(crate) fn line(&self) -> String {
        self.lines.lock().unwrap().recv_timeout(LONG).expect("the server prints a line")
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// As a power failure would.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// As a terminal does for Ctrl-C: all of the group hear it.
    pub(crate) fn interrupt(&mut self) -> ExitStatus {
        let group = rustix::process::Pid::from_raw(self.pid().try_into().unwrap()).unwrap();
        rustix::process::kill_process_group(group, rustix::process::Signal::INT).unwrap();
        self.child.wait().unwrap()
    }

    /// As a supervisor would.
    pub(crate) fn terminate(&mut self) -> ExitStatus {
        signal(self.pid(), rustix::process::Signal::TERM);
        self.child.wait().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn signal(pid: u32, signal: rustix::process::Signal) {
    let pid = rustix::process::Pid::from_raw(pid.try_into().unwrap()).unwrap();
    rustix::process::kill_process(pid, signal).unwrap();
}

/// The child's end and all it printed.
pub(crate) fn finish(child: Child) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    let text = |octets| String::from_utf8(octets).unwrap();
    (status.code(), text(stdout), text(stderr))
}

pub(crate) fn write_private(path: &Path, text: &str) {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.create_new(true).write(true).mode(0o600).open(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

/// Only a program that hangs needs as long.
const LONG: Duration = Duration::from_secs(120);
