//! One evaluator, as the serving program sees it.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::process::{Child, ChildStderr, Command};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use wire::{Functions, Limits, Symbol, Wire, remote_fn};

use crate::evaluator::child::MARK;
use crate::evaluator::message::{Answer, PACKAGE, Settings};
use crate::job::{Hint, Progress};

/// A process, and the wire to it. Dropping it kills the process.
#[derive(Debug)]
pub(super) struct Process {
    wire: Wire,
    listener: Listener,
    kill: CancellationToken,
    /// How it ended, once it has, with what it said last.
    end: watch::Receiver<Option<End>>,
    /// How many commands it has run.
    pub(super) commands: u32,
}

/// How a process ended.
#[derive(Clone, Debug)]
pub(super) struct End {
    status: Option<ExitStatus>,
    stderr: String,
}

/// Who is told of a command's progress: nobody between two commands.
#[derive(Clone, Default)]
struct Listener(Arc<Mutex<Option<Report>>>);

pub(super) type Report = Arc<dyn Fn(Progress) + Send + Sync>;

impl std::fmt::Debug for Listener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Listener")
    }
}

/// What `(progress 0.5 "note")` of a command calls.
#[remote_fn(package = "TELEPHONE-EVALUATOR")]
fn report_progress(listener: &Listener, fraction: f64, note: String) {
    let report = listener.lock().clone();
    if let Some(report) = report {
        report(Progress::new(fraction, note));
    }
}

impl Process {
    /// Starts a process, and waits until it can take a command.
    pub(super) async fn start(
        program: &Path,
        functions: &Functions,
        settings: &Settings,
        command_octets: usize,
    ) -> Result<Self, Hint> {
        let listener = Listener::default();
        let mut command = Command::new(program);
        command
            .env_clear()
            .env(MARK, "1")
            // Without this the engine makes itself a directory in the home of the user.
            .env("STEEL_HOME", "/dev/null")
            .current_dir("/")
            .stderr(Stdio::piped())
            // A terminal sends its Ctrl-C to a whole group: that is for the server to hear.
            .process_group(0)
            .kill_on_drop(true);
        let offered = functions.clone().merge(wire::functions![report_progress]);
        // Its octets as a string, with what stands around it, and a value as large.
        let weight = 2 * (command_octets as u64 + settings.value_octets) + (1 << 20);
        let limits = Limits::default();
        let limits = limits.clone().object_weight(limits.object_weight.max(weight));
        let builder = Wire::builder().functions(offered).insert(listener.clone()).limits(limits);
        // It does not answer while it makes its engine, and that it lives is seen by its pipe.
        let builder = builder.extended().hello_wait(START).no_keepalive();
        let (wire, mut child) = builder.spawn(command).await.map_err(|error| {
            lost(format!("an evaluator could not be started from {}: {error}", program.display()))
        })?;
        let stderr = child.stderr.take();
        let kill = CancellationToken::new();
        let (tell, end) = watch::channel(None);
        tokio::spawn(wait(child, stderr, kill.clone(), tell));
        let process = Self { wire, listener, kill, end, commands: 0 };
        let prepare = Symbol::new("PREPARE", PACKAGE);
        let ready = process.wire.call::<()>(&prepare, &[settings]).value();
        match timeout(START, ready).await {
            Ok(Ok(())) => Ok(process),
            Ok(Err(error)) => {
                let end = process.ended().await;
                Err(lost(format!(
                    "an evaluator ended before it could take a command: {error}{end}"
                )))
            }
            Err(_) => Err(lost(format!("an evaluator was not ready within {START:?}"))),
        }
    }

    /// Runs a command; what goes wrong with the process itself is the error.
    pub(super) async fn evaluate(
        &mut self,
        command: &str,
        report: Report,
    ) -> Result<Answer, wire::CallError> {
        self.commands += 1;
        *self.listener.lock() = Some(report);
        let evaluate = Symbol::new("EVALUATE", PACKAGE);
        let answer = self.wire.call::<Answer>(&evaluate, &[&command]).value();
        let answer = answer.await;
        *self.listener.lock() = None;
        answer
    }

    /// What interrupts the command that runs.
    pub(super) fn interrupter(&self) -> Interrupter {
        Interrupter(self.wire.clone())
    }

    /// How it ended, if it has: its process is waited for, but not for long.
    pub(super) async fn ended(&self) -> End {
        let mut end = self.end.clone();
        let ended = timeout(LAST_WORDS, end.wait_for(Option::is_some)).await;
        let ended = ended.ok().and_then(Result::ok).and_then(|end| end.clone());
        ended.unwrap_or_else(|| End { status: None, stderr: String::new() })
    }

    /// Whether it can take another command.
    pub(super) fn is_alive(&self) -> bool {
        self.end.borrow().is_none() && !self.kill.is_cancelled()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill.cancel();
    }
}

impl Listener {
    fn lock(&self) -> MutexGuard<'_, Option<Report>> {
        // A poisoned one holds a report all the same.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) struct Interrupter(Wire);

impl Interrupter {
    /// Asks the command that runs to stop. One that runs inside of a function written in Rust does not.
    pub(super) async fn interrupt(&self) {
        // A wire that is over has nothing to interrupt.
        let sent = self.0.notify(&Symbol::new("INTERRUPT", PACKAGE), &[]).is_ok();
        if sent {
            let _ = self.0.force_output().await;
        }
    }
}

impl End {
    /// Lisp's condition for it, as far as its status and its last words tell.
    pub(super) fn hint(&self, memory: u64) -> Hint {
        let says = |what: &str| self.stderr.contains(what);
        if says("memory allocation of") || says("capacity overflow") || says("out of memory") {
            let limit = memory >> 20;
            return Hint::new(
                "STORAGE-EXHAUSTED",
                format!("the command wanted more memory than the {limit} MiB that it may have"),
            );
        }
        if says("has overflowed its stack") {
            return Hint::new(
                "STACK-EXHAUSTED",
                "the command nests more deeply than the stack holds",
            );
        }
        lost(format!("the evaluator ended while the command ran{self}"))
    }
}

impl std::fmt::Display for End {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(status) = self.status {
            write!(f, " ({status})")?;
        }
        match self.stderr.lines().map(str::trim).rfind(|line| !line.is_empty()) {
            Some(last) => write!(f, "; the last that it said: {last}"),
            None => Ok(()),
        }
    }
}

/// The hint of a command whose process is gone.
pub(super) fn lost(message: String) -> Hint {
    Hint::new("EVALUATOR-LOST", message)
}

/// Reaps the process when it ends, or when it shall, so that none is left as a zombie.
async fn wait(
    mut child: Child,
    stderr: Option<ChildStderr>,
    kill: CancellationToken,
    tell: watch::Sender<Option<End>>,
) {
    let said = tokio::spawn(last_words(stderr));
    let status = tokio::select! {
        status = child.wait() => status,
        () = kill.cancelled() => {
            // It fails only if the process has ended already.
            let _ = child.start_kill();
            child.wait().await
        }
    };
    let stderr = timeout(LAST_WORDS, said).await.ok().and_then(Result::ok).unwrap_or_default();
    tell.send_replace(Some(End { status: status.ok(), stderr }));
}

/// Reads what the process says on standard error, as long as it says anything, and keeps the end.
async fn last_words(stderr: Option<ChildStderr>) -> String {
    let Some(mut stderr) = stderr else {
        return String::new();
    };
    let mut kept = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = stderr.read(&mut buffer).await {
        kept.extend_from_slice(&buffer[..count]);
        let beyond = kept.len().saturating_sub(KEPT);
        kept.drain(..beyond);
    }
    String::from_utf8_lossy(&kept).into_owned()
}

/// How long an evaluator may take to start: a quarter of a second, or five without optimisation,
/// and ten times that on a machine as busy as one that tests. What takes longer will not come.
const START: Duration = Duration::from_secs(180);
/// How long the end of a process is waited for, once its wire has ended.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// How much of what a process says on standard error is kept, in octets. Its last lines are enough.
const KEPT: usize = 8192;
