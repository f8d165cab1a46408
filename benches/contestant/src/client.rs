//! What a contestant can do: one method for each kind of call that is measured.

use std::error::Error;
use std::fmt;
use std::future::Future;

use bytes::Bytes;
use tokio::net::TcpListener;

use crate::callers::joined;
use crate::sample::Sample;
use crate::{Result, Settings};

/// The calling side. A clone is another handle of the same connection.
///
/// Nothing here is `Send`, since one peer's connections are not; the one method that starts tasks
/// is written by each contestant, in a line.
pub trait Client: Clone + 'static {
    /// The struct of the workload of structs, as this contestant declares it.
    type Record: From<Sample>;

    /// A new connection.
    fn connect(settings: &Settings) -> impl Future<Output = Result<Self>>;

    /// The sum of two numbers, from the server.
    fn add(&self, a: i32, b: i32) -> impl Future<Output = Result<i32>>;

    /// Has every caller make `each` calls of [`add`](Self::add), one at a time, in a task of its
    /// own: [`tasks`](crate::tasks), or [`local_tasks`](crate::local_tasks) for a contestant whose
    /// connections stay on one thread.
    fn callers(callers: Vec<Self>, each: u64) -> impl Future<Output = Result<()>>;

    /// The same for `width` callers on this one connection.
    fn in_flight(&self, width: usize, each: u64) -> impl Future<Output = Result<()>> {
        Self::callers((0..width).map(|_| self.clone()).collect(), each)
    }

    /// So many calls of [`add`](Self::add), `width` at a time, from one task.
    fn joined(&self, width: usize, calls: u64) -> impl Future<Output = Result<()>> {
        joined(self, width, calls)
    }

    /// Sends `text` so many times without waiting for answers, or in whatever way comes nearest,
    /// then asks how many octets the server has been sent in all.
    fn tell(&self, text: &str, times: u64) -> impl Future<Output = Result<u64>>;

    /// Whether the same octets come back.
    fn echo(&self, octets: &Bytes) -> impl Future<Output = Result<bool>>;

    /// Whether the same structs come back.
    fn echo_records(&self, records: &[Self::Record]) -> impl Future<Output = Result<bool>>;

    /// Whether the same numbers come back.
    fn echo_numbers(&self, _numbers: &[i32]) -> impl Future<Output = Result<bool>> {
        async { Err(Cannot("echo of a list of numbers").into()) }
    }

    /// A call in whose middle the server calls `double(number)` here; it gives one more than that.
    fn call_back(&self, _number: i32) -> impl Future<Output = Result<i32>> {
        async { Err(Cannot("calls of the server to its client").into()) }
    }
}

/// The called side.
pub trait Server {
    /// Serves all who connect, until the program ends.
    fn serve(listener: TcpListener, settings: &Settings) -> impl Future<Output = Result<()>>;
}

/// What a contestant does not offer. It is no failure.
#[derive(Debug)]
pub struct Cannot(pub &'static str);

impl fmt::Display for Cannot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no {}", self.0)
    }
}

impl Error for Cannot {}
