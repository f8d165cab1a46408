//! Calls over a pair of wires in memory, on one thread: no socket, no other task but the two of the
//! wires, and these run only while somebody waits.

use std::cell::Cell;
use std::error::Error;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::runtime::{Builder, Runtime};
use wire::{Wire, functions, remote, remote_fn, remote_value};

use crate::case::Case;

/// Calls of a batch: their octets stay below what a wire sends by itself.
const BATCH: u64 = 1000;

#[derive(Default)]
struct Told(AtomicU64);

#[remote_fn]
fn note(told: &Told, text: &str) {
    told.0.fetch_add(text.len() as u64, Ordering::Relaxed);
}

#[remote_fn]
fn add(a: i32, b: i32) -> i32 {
    a + b
}

/// Both ends, and what runs them.
struct Pair {
    runtime: Runtime,
    here: Wire,
    _there: Wire,
    told: Arc<Told>,
    sent: Cell<u64>,
}

const TEXT: &str = "sixteen octets..";

impl Pair {
    fn new() -> Result<Rc<Self>, Box<dyn Error>> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let told = Arc::new(Told::default());
        let api = functions![note, add].state(Arc::clone(&told));
        let (here, there) = runtime.block_on(async { Wire::pair(functions![], api) })?;
        Ok(Rc::new(Self { runtime, here, _there: there, told, sent: Cell::default() }))
    }

    fn buffer(&self) {
        for _ in 0..BATCH {
            assert!(remote!(self.here, note(TEXT)).is_ok());
        }
        self.sent.set(self.sent.get() + BATCH * TEXT.len() as u64);
    }

    /// Has all that is buffered sent and run.
    fn deliver(&self) {
        assert!(self.runtime.block_on(self.here.sync()).is_ok());
        assert_eq!(self.told.0.load(Ordering::Relaxed), self.sent.get());
    }

    fn add_alone(&self) {
        self.runtime.block_on(async {
            for number in 0..BATCH as i32 {
                let sum = remote_value!(self.here, add(number, 1) -> i32).value().await;
                assert!(matches!(sum, Ok(sum) if sum == number + 1));
            }
        });
    }

    /// All calls are made, then all are awaited.
    fn add_together(&self) {
        self.runtime.block_on(async {
            let call = |number| remote_value!(self.here, add(number, 1) -> i32).value();
            let calls: Vec<_> = (0..BATCH as i32).map(call).collect();
            for (number, call) in (0..).zip(calls) {
                assert!(matches!(call.await, Ok(sum) if sum == number + 1));
            }
        });
    }
}

pub(crate) fn cases() -> Result<Vec<Case>, Box<dyn Error>> {
    let pair = Pair::new()?;
    let with = |method: fn(&Pair)| {
        let pair = Rc::clone(&pair);
        move || method(&pair)
    };
    Ok(vec![
        Case::new("buffer `remote!` of a text of 16 octets", BATCH, with(Pair::buffer))
            .after(with(Pair::deliver)),
        Case::new("deliver and run that call", BATCH, with(Pair::deliver))
            .after(with(Pair::buffer)),
        Case::new("add, call and answer, one at a time", BATCH, with(Pair::add_alone)),
        Case::new("add, call and answer, all at once", BATCH, with(Pair::add_together)),
    ])
}
