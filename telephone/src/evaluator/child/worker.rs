//! The thread that evaluates. The engine belongs to it, and never leaves it.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

use steel::steel_vm::ThreadStateController;
use tokio::sync::oneshot;
use wire::Wire;

use super::engine::Base;
use super::{context, sandbox};
use crate::evaluator::message::{Answer, Settings};

/// The handle to the thread.
pub(super) struct Worker {
    commands: mpsc::Sender<(String, oneshot::Sender<Answer>)>,
    interrupt: Interrupt,
}

/// What stops a command: the engine looks at its switch with each call, and `sleep` waits on its
/// thread.
struct Interrupt {
    /// That of the command that runs, or ran last.
    switch: Switch,
    raised: Arc<AtomicBool>,
    thread: thread::Thread,
}

type Switch = Arc<Mutex<Option<ThreadStateController>>>;

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Worker")
    }
}

impl Worker {
    /// Starts the thread, and waits until its engine is made.
    pub(super) async fn start(wire: Wire, settings: Settings) -> Result<Self, String> {
        let (commands, orders) = mpsc::channel::<(String, oneshot::Sender<Answer>)>();
        let (ready, made) = oneshot::channel();
        let raised = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&raised);
        let run = move || {
            let base = match Base::new(&settings) {
                Ok(base) => base,
                Err(error) => {
                    // Whoever waits has gone only if the process is about to end.
                    let _ = ready.send(Err(error));
                    return;
                }
            };
            context::set(wire, settings, Arc::clone(&flag));
            sandbox::forbid_files_and_network();
            let switch = Switch::default();
            let interrupt = Interrupt {
                switch: Arc::clone(&switch),
                raised: Arc::clone(&flag),
                thread: thread::current(),
            };
            let _ = ready.send(Ok(interrupt));
            for (command, answer) in orders {
                flag.store(false, Ordering::Relaxed);
                let begun = |controller: ThreadStateController| {
                    let mut switch = switch.lock().unwrap_or_else(PoisonError::into_inner);
                    // Whoever interrupts raises the flag and then takes the lock, so that this
                    // command is stopped here or there.
                    if flag.load(Ordering::Relaxed) {
                        controller.interrupt();
                    }
                    *switch = Some(controller);
                };
                let _ = answer.send(guarded(&base, &command, begun));
            }
        };
        let thread = thread::Builder::new().name("evaluator".to_owned()).stack_size(STACK);
        thread.spawn(run).map_err(|error| format!("no thread can be started: {error}"))?;
        let interrupt = made.await.map_err(|_| "the engine could not be made".to_owned())??;
        Ok(Self { commands, interrupt })
    }

    pub(super) async fn evaluate(&self, command: String) -> Answer {
        let (answer, answered) = oneshot::channel();
        let gone = |_| failed("the evaluating thread is gone");
        match self.commands.send((command, answer)) {
            Ok(()) => answered.await.unwrap_or_else(gone),
            Err(_) => failed("the evaluating thread is gone"),
        }
    }

    pub(super) fn interrupt(&self) {
        self.interrupt.raised.store(true, Ordering::Relaxed);
        let switch = self.interrupt.switch.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(controller) = &*switch {
            controller.interrupt();
        }
        drop(switch);
        self.interrupt.thread.unpark();
    }
}

/// Runs a command; a panic of the engine's is an answer too, and its last.
fn guarded(base: &Base, command: &str, begun: impl FnOnce(ThreadStateController)) -> Answer {
    catch_unwind(AssertUnwindSafe(|| base.evaluate(command, begun)))
        .unwrap_or_else(|panic| failed(&panic_message(&*panic)))
}

fn failed(message: &str) -> Answer {
    Answer {
        value: String::new(),
        condition: "EVALUATOR-LOST".to_owned(),
        message: format!("the evaluator failed: {message}"),
        spent: true,
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}

/// The stack of the evaluating thread, in octets. The engine runs code without it, but compiles
/// recursively. Code as deep as may be was measured to touch 4 MiB of it; the rest is room that is
/// never used.
const STACK: usize = 128 << 20;
