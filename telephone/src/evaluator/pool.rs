//! The evaluators of one program: taken, given back, renewed, and always one more that is warm.

use std::collections::HashSet;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore};
use tokio::time::timeout;
use wire::{FunctionInfo, Functions, Symbol};

use crate::evaluator::error::EvaluatorError;
use crate::evaluator::limits::EvaluatorLimits;
use crate::evaluator::message::{Answer, Offered, Settings};
use crate::evaluator::process::{Process, Report, lost};
use crate::job::Hint;
use crate::lisp;

/// What all clones of [`Evaluators`](super::Evaluators) share.
#[derive(Debug)]
pub(super) struct Pool {
    program: PathBuf,
    functions: Functions,
    settings: Settings,
    limits: EvaluatorLimits,
    /// A permit for each process that runs a command.
    running: Semaphore,
    idle: Mutex<Idle>,
    /// Told when a process that was being made warm is ready, or is not.
    warmed: Notify,
}

#[derive(Debug, Default)]
struct Idle {
    processes: Vec<Process>,
    /// How many are being started without a command that waits for them.
    warming: usize,
    /// How many commands wait for one of those.
    waiting: usize,
}

/// What became of a command in one process.
enum Ran {
    Ended(Result<String, Hint>),
    /// It was not begun, and may be given to another.
    NotBegun,
}

impl Pool {
    pub(super) fn start(
        program: PathBuf,
        functions: Functions,
        limits: EvaluatorLimits,
    ) -> Result<Arc<Self>, EvaluatorError> {
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(EvaluatorError::NoRuntime);
        }
        let settings = Settings {
            memory: limits.memory,
            depth: limits.depth,
            value_octets: limits.value_octets as u64,
            functions: offered(&functions)?,
        };
        let running = Semaphore::new(limits.processes.max(1));
        let (idle, warmed) = (Mutex::default(), Notify::new());
        let pool = Arc::new(Self { program, functions, settings, limits, running, idle, warmed });
        pool.warm();
        Ok(pool)
    }

    pub(super) async fn evaluate(
        self: &Arc<Self>,
        command: &str,
        time_limit: Duration,
        report: Report,
    ) -> Result<String, Hint> {
        let most = self.limits.command_octets;
        if command.len() > most {
            let octets = command.len();
            let message = format!("the command has {octets} octets, and may have {most}");
            return Err(Hint::new("COMMAND-TOO-LONG", message));
        }
        let permit = self.running.acquire().await;
        let _permit = permit.map_err(|_| lost("the evaluators are shut down".to_owned()))?;
        let limit = time_limit.min(self.limits.time);
        loop {
            // It belongs to this future, and ends with it unless it is given back.
            let process = self.take().await?;
            match self.run(process, command, limit, Arc::clone(&report)).await {
                Ran::Ended(outcome) => return outcome,
                Ran::NotBegun => {}
            }
        }
    }

    async fn run(
        self: &Arc<Self>,
        mut process: Process,
        command: &str,
        limit: Duration,
        report: Report,
    ) -> Ran {
        let interrupter = process.interrupter();
        let outcome = {
            let run = process.evaluate(command, report);
            tokio::pin!(run);
            match timeout(limit, &mut run).await {
                Ok(outcome) => Ok(outcome),
                Err(_) => {
                    interrupter.interrupt().await;
                    Err(timeout(HEED, run).await)
                }
            }
        };
        match outcome {
            Ok(Ok(answer)) => {
                self.give_back(process, answer.spent);
                Ran::Ended(answer.into_result())
            }
            // A process that ended while it was idle.
            Ok(Err(error)) if error.ran() == wire::Ran::No => Ran::NotBegun,
            Ok(Err(error)) => {
                tracing::debug!(%error, "an evaluator was lost");
                Ran::Ended(Err(process.ended().await.hint(self.limits.memory)))
            }
            Err(heeded) => {
                if let Ok(Ok(answer)) = heeded {
                    self.give_back(process, answer.spent);
                }
                let message = format!("the command did not end within {limit:?}");
                Ran::Ended(Err(Hint::new("TIMEOUT", message)))
            }
        }
    }

    pub(super) fn functions(&self) -> Vec<FunctionInfo> {
        self.functions.infos()
    }

    pub(super) fn limits(&self) -> &EvaluatorLimits {
        &self.limits
    }

    /// An idle process, or a new one; and one more is made warm if that was the last.
    async fn take(self: &Arc<Self>) -> Result<Process, Hint> {
        let process = loop {
            let mut warmed = pin!(self.warmed.notified());
            // Before the look, so that no word of it is missed.
            warmed.as_mut().enable();
            match self.next() {
                Next::Idle(process) => break process,
                Next::Warming(_waiting) => warmed.await,
                Next::None => break self.new_process().await?,
            }
        };
        self.warm();
        Ok(process)
    }

    fn next(&self) -> Next<'_> {
        let mut idle = self.lock();
        idle.processes.retain(Process::is_alive);
        if let Some(process) = idle.processes.pop() {
            return Next::Idle(process);
        }
        if idle.waiting >= idle.warming {
            return Next::None;
        }
        idle.waiting += 1;
        Next::Warming(Waiting(self))
    }

    fn give_back(self: &Arc<Self>, process: Process, spent: bool) {
        if !spent && process.commands < RENEWED_AFTER && process.is_alive() {
            self.lock().processes.push(process);
        } else {
            drop(process);
            self.warm();
        }
    }

    async fn new_process(&self) -> Result<Process, Hint> {
        let octets = self.limits.command_octets;
        Process::start(&self.program, &self.functions, &self.settings, octets).await
    }

    /// Has a process ready before it is wanted, since starting one takes longer than most commands.
    fn warm(self: &Arc<Self>) {
        {
            let mut idle = self.lock();
            // Beside as many as may run there would be one too many.
            let wanted = self.running.available_permits() > 0;
            if !wanted || !idle.processes.is_empty() || idle.warming > 0 {
                return;
            }
            idle.warming += 1;
        }
        let pool = Arc::downgrade(self);
        let program = self.program.clone();
        let (functions, settings) = (self.functions.clone(), self.settings.clone());
        let octets = self.limits.command_octets;
        // Without the pool itself, so that a pool that nobody holds ends at once.
        tokio::spawn(async move {
            let process = Process::start(&program, &functions, &settings, octets).await;
            let Some(pool) = pool.upgrade() else {
                return;
            };
            let mut idle = pool.lock();
            idle.warming -= 1;
            match process {
                Ok(process) => idle.processes.push(process),
                // Whoever wants one next tries again, and has the hint.
                Err(hint) => tracing::warn!(%hint, "no evaluator is ready"),
            }
            drop(idle);
            pool.warmed.notify_waiters();
        });
    }

    fn lock(&self) -> MutexGuard<'_, Idle> {
        // A list of processes is as good after a panic as before.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where a process comes from.
enum Next<'a> {
    Idle(Process),
    /// From the one that is being made warm, for which nobody else waits.
    Warming(Waiting<'a>),
    None,
}

/// One that waits for a process that is being made warm, as long as it does.
struct Waiting<'a>(&'a Pool);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.lock().waiting -= 1;
    }
}

impl Answer {
    fn into_result(self) -> Result<String, Hint> {
        if self.condition.is_empty() {
            Ok(self.value)
        } else {
            Err(Hint::new(self.condition, self.message))
        }
    }
}

/// The names by which commands call the functions.
fn offered(functions: &Functions) -> Result<Vec<Offered>, EvaluatorError> {
    let mut names = HashSet::new();
    for info in functions.infos() {
        let package = info.package.as_deref().unwrap_or(lisp::USER);
        let symbol = Symbol::new(&info.name, package);
        if lisp::is_taken(&symbol) {
            return Err(EvaluatorError::NameTaken { name: symbol.to_string() });
        }
        names.insert(symbol);
    }
    let offered = |symbol: Symbol| Offered {
        name: symbol.name().to_owned(),
        package: symbol.package().to_owned(),
    };
    Ok(names.into_iter().map(offered).collect())
}

/// A process keeps the names and constants of all its commands, which are not what a command may
/// use. 400 ordinary ones were measured to take 0.3 MiB; those of full length take a thousand times
/// as much, and a process that they exhaust is renewed as well.
const RENEWED_AFTER: u32 = 500;
/// How long an interrupted command has to stop. The engine looks each time that it calls
/// something; whoever has not stopped after this is inside of something that does not look.
const HEED: Duration = Duration::from_millis(250);
