//! The program: a server or a client, as its first word says.

use std::process::{ExitCode, exit};
use std::thread;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::thread::{CpuSet, sched_setaffinity};
use tokio::net::TcpListener;

use crate::clock::{Stopwatch, cpu};
use crate::console::{hear, hear_word, say};
use crate::executor::Executor;
use crate::settings::Settings;
use crate::work::Worker;
use crate::{Cannot, Client, Result, Server, Threads};

/// Runs the program of a contestant.
pub fn main<S: Server, C: Client>(threads: Threads) -> ExitCode {
    match run::<S, C>(threads) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run<S: Server, C: Client>(threads: Threads) -> Result<()> {
    let mut words = std::env::args().skip(1);
    let role = words.next().unwrap_or_default();
    let settings = Settings::parse(words)?;
    prepare(&settings)?;
    let executor = Executor::new(threads, &settings)?;
    match role.as_str() {
        "server" => executor.block_on(serve::<S>(&settings)),
        "client" => measure::<C>(&executor, &settings),
        _ => Err("the first word is server or client".into()),
    }
}

/// Before there is any other thread, which all take after this one.
fn prepare(settings: &Settings) -> Result<()> {
    let files = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: files.maximum, maximum: files.maximum })?;
    let cpu = settings.or("cpu", usize::MAX)?;
    if cpu != usize::MAX {
        let mut one = CpuSet::new();
        one.set(cpu);
        sched_setaffinity(None, &one)?;
    }
    Ok(())
}

async fn serve<S: Server>(settings: &Settings) -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    say(&format!("listening {}", listener.local_addr()?))?;
    thread::spawn(|| {
        let ended = tell_cpu();
        exit(if ended.is_ok() { 0 } else { 1 });
    });
    S::serve(listener, settings).await
}

/// Answers the judge until it has no more questions.
fn tell_cpu() -> Result<()> {
    while let Some(line) = hear()? {
        match line.as_str() {
            "cpu" => say(&format!("cpu {}", cpu()))?,
            other => return Err(format!("{other:?} is no question").into()),
        }
    }
    Ok(())
}

fn measure<C: Client>(executor: &Executor, settings: &Settings) -> Result<()> {
    let mut worker = match executor.block_on(Worker::<C>::new(settings)) {
        Err(error) if error.is::<Cannot>() => return say("cannot"),
        worker => worker?,
    };
    say("warm")?;
    hear_word("connect")?;
    let calls = executor.block_on(async {
        worker.connect(settings).await?;
        match settings.or("calls", 0)? {
            0 => worker.calls_in(settings.or("seconds", 0.5)?).await,
            calls => Ok(calls),
        }
    })?;
    say("ready")?;
    hear_word("go")?;
    let watch = Stopwatch::start();
    executor.block_on(worker.run(calls))?;
    let (time, cpu) = (watch.nanoseconds(), watch.cpu_nanoseconds());
    say(&format!("done {calls} {time} {cpu}"))?;
    // The connections stand until the judge has looked at the server.
    while hear()?.is_some() {}
    Ok(())
}
