//! A process at the other end of a test's wire, over its standard streams.

#[path = "told.rs"]
#[expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]
mod told;

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use tokio::sync::Notify;
use told::Told;
use wire::{
    BindError, CallError, ConnectError, ObjectError, Remote, RequestServer, Wire, functions,
    remote_fn, remote_value,
};

/// The objects of the parent that this process was given, and those it made itself.
#[derive(Default)]
struct Kept {
    given: Mutex<Vec<Remote>>,
    made: Mutex<Vec<Weak<String>>>,
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[remote_fn]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

#[remote_fn]
fn keep(kept: &Kept, object: Remote) {
    locked(&kept.given).push(object);
}

#[remote_fn]
fn drop_all(kept: &Kept) -> usize {
    std::mem::take(&mut *locked(&kept.given)).len()
}

#[remote_fn]
fn last(kept: &Kept) -> Result<Remote, &'static str> {
    locked(&kept.given).last().cloned().ok_or("nothing is kept")
}

#[remote_fn]
fn ignore(_object: Remote) {}

#[remote_fn]
fn same(a: Remote, b: Remote<String>) -> bool {
    a == b
}

#[remote_fn]
fn is_local(object: Remote) -> bool {
    object.is_local()
}

#[remote_fn]
fn look(object: Remote<String>) -> Result<String, ObjectError> {
    object.value().map(|text| text.to_string())
}

#[remote_fn]
fn make(kept: &Kept, text: String) -> Remote<String> {
    let text = Arc::new(text);
    locked(&kept.made).push(Arc::downgrade(&text));
    Remote::new(text)
}

#[remote_fn]
fn living(kept: &Kept) -> usize {
    locked(&kept.made).iter().filter(|made| made.strong_count() > 0).count()
}

/// Has the parent look at the object that was kept last.
#[remote_fn]
async fn have_it_looked_at(wire: &Wire, kept: &Kept) -> Result<String, CallError> {
    let object = locked(&kept.given).last().cloned();
    remote_value!(wire, look_at(object) -> String).value().await
}

/// Prints to standard output, which is no wire any more.
#[remote_fn]
fn shout(text: String) -> usize {
    println!("{text}");
    text.len()
}

/// What is left to read on standard input.
#[remote_fn(blocking)]
fn standard_input() -> io::Result<String> {
    let mut text = String::new();
    io::stdin().read_line(&mut text)?;
    Ok(text)
}

/// Told when `never` runs.
static NEVER_RUNS: Notify = Notify::const_new();

#[remote_fn]
async fn never() {
    NEVER_RUNS.notify_one();
    std::future::pending::<()>().await;
}

/// Waits until `never` runs.
#[remote_fn]
async fn never_runs() {
    NEVER_RUNS.notified().await;
}

/// A wire of this process to a CMUCL.
static CMUCL: OnceLock<Wire> = OnceLock::new();

#[remote_fn]
async fn connect_to_cmucl(port: u16) -> Result<(), ConnectError> {
    let builder = Wire::builder().classic().functions(functions![never]);
    let wire = builder.connect(("127.0.0.1", port)).await?;
    CMUCL.get_or_init(|| wire).sync().await.map_err(io::Error::other)?;
    Ok(())
}

/// Has the CMUCL call back what never returns, and waits for that.
#[remote_fn]
async fn have_cmucl_wait() {
    if let Some(wire) = CMUCL.get() {
        tokio::spawn(remote_value!(wire, wait_for_you() -> ()).value());
    }
}

/// How often a server in this process could not accept.
static NOT_ACCEPTED: AtomicUsize = AtomicUsize::new(0);

/// Serves others as well, at the port that it gives.
#[remote_fn]
async fn serve() -> Result<Option<u16>, BindError> {
    let count = |_, text: &str, _: &str| {
        let failed = text.starts_with("accepting a connection failed");
        NOT_ACCEPTED.fetch_add(failed.into(), Ordering::Relaxed);
    };
    // Whoever calls this twice is counted already.
    let _ = tracing::subscriber::set_global_default(Told::new(count));
    let server = RequestServer::bind("127.0.0.1:0").await?.functions(functions![add, never]);
    let port = server.local_addr().map(|address| address.port());
    tokio::spawn(server.serve());
    Ok(port)
}

#[remote_fn]
fn not_accepted() -> usize {
    NOT_ACCEPTED.load(Ordering::Relaxed)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), ConnectError> {
    let objects = functions![keep, drop_all, last, ignore, same, is_local, look, make, living];
    let others = functions![add, have_it_looked_at, shout, standard_input, never];
    let servers = functions![serve, not_accepted];
    let cmucl = functions![never_runs, connect_to_cmucl, have_cmucl_wait];
    let api = objects.merge(others).merge(servers).merge(cmucl).state(Arc::<Kept>::default());
    match Wire::builder().functions(api).stdio().await {
        Ok(wire) => drop(wire.closed().await),
        // A parent may have all it wanted while a hello is still waited for.
        Err(ConnectError::Ended(_)) => {}
        Err(error) => return Err(error),
    }
    Ok(())
}
