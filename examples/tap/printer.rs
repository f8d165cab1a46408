//! Standard output, which may be slower than the wire.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tokio::time::timeout;

/// The octets of lines that wait to be written. With more, further lines are left out: a terminal that
/// stands still must neither hold up the peers nor fill the memory.
const WAITING: usize = 4 << 20;

/// How long the last lines have to be written.
const LAST_LINES: Duration = Duration::from_secs(1);

/// Prints lines, from a thread of its own.
#[derive(Clone)]
pub(crate) struct Printer {
    orders: Sender<Order>,
    waiting: Arc<AtomicUsize>,
    left_out: Arc<AtomicU64>,
    pub(crate) began: Instant,
    pub(crate) colours: bool,
}

enum Order {
    Print(String),
    /// Flush what came before, and say so.
    Finish(oneshot::Sender<()>),
}

impl Printer {
    pub(crate) fn start() -> Self {
        let (orders, received) = channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let left_out = Arc::new(AtomicU64::new(0));
        let (printed, missed) = (waiting.clone(), left_out.clone());
        // It ends with the last handle.
        std::thread::spawn(move || run(&received, &printed, &missed));
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self {
            orders,
            waiting,
            left_out,
            began: Instant::now(),
            colours: wanted && io::stdout().is_terminal(),
        }
    }

    /// Prints a line, or leaves it out if too many wait.
    pub(crate) fn print(&self, line: String) {
        // One line may be longer than all that may wait.
        if self.waiting.load(Ordering::Relaxed) > WAITING {
            self.left_out.fetch_add(1, Ordering::Relaxed);
            return;
        }
        if let Some(told) = left_out(&self.left_out) {
            self.order(told);
        }
        self.order(line);
    }

    fn order(&self, line: String) {
        self.waiting.fetch_add(line.len(), Ordering::Relaxed);
        // The thread receives as long as there is a handle.
        let _ = self.orders.send(Order::Print(line));
    }

    /// Waits until all lines are written, but not for ever.
    pub(crate) async fn finish(&self) {
        let (written, all_written) = oneshot::channel();
        let _ = self.orders.send(Order::Finish(written));
        let _ = timeout(LAST_LINES, all_written).await;
    }
}

fn run(orders: &Receiver<Order>, waiting: &AtomicUsize, missed: &AtomicU64) {
    let mut out = BufWriter::new(io::stdout());
    let mut failed = false;
    while let Some(order) = next(orders, missed, &mut out) {
        let line = match order {
            Order::Print(line) => line,
            Order::Finish(written) => {
                let _ = out.flush();
                let _ = written.send(());
                continue;
            }
        };
        let printed = writeln!(out, "{line}");
        waiting.fetch_sub(line.len(), Ordering::Relaxed);
        if let (Err(error), false) = (printed, failed) {
            // The peers have no part in it.
            eprintln!("tap: cannot print: {error}; what is said is still passed on");
            failed = true;
        }
    }
}

/// The next order. Before waiting for one, shows what has been printed, and tells what has not.
fn next(orders: &Receiver<Order>, missed: &AtomicU64, out: &mut impl Write) -> Option<Order> {
    orders.try_recv().ok().or_else(|| {
        let told = left_out(missed).map_or(Ok(()), |told| writeln!(out, "{told}"));
        // If this fails, so does what is printed next.
        let _ = told.and_then(|()| out.flush());
        orders.recv().ok()
    })
}

/// That lines are left out, once.
fn left_out(missed: &AtomicU64) -> Option<String> {
    let count = missed.swap(0, Ordering::Relaxed);
    (count > 0).then(|| format!("{count} lines are left out here, which nobody read in time"))
}
