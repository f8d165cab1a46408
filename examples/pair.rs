//! Two processes call each other over one TCP connection, and print what passes.
//!
//! ```text
//! cargo run --release --example pair [FILE]
//! ```
//!
//! This process starts itself twice more, as a server and as a client, on loopback. The client sends
//! the lines of FILE (README.md) and then does all that a wire can do; what the server answers about
//! lines, words and bytes is what `wc FILE` says. The server is killed at the end, on purpose.
//! `server.rs` and `client.rs` are the same between two terminals or machines.

use std::error::Error;
use std::ffi::{OsStr, OsString};
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::sync::mpsc;
use tokio::time::timeout;
use wire::{RequestServer, Wire, functions, remote, remote_fn, remote_value};

mod pair {
    pub(crate) mod count;
    pub(crate) mod reader;
    pub(crate) mod sender;
    pub(crate) mod show;
}

use pair::{reader::reader, sender};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let done = match &arguments[..] {
        [] => launch(OsStr::new("README.md")).await,
        [role, launcher] if role == "--server" => server(launcher).await,
        [role, launcher, server, file] if role == "--client" => {
            client(launcher, server, Path::new(file)).await
        }
        [file] => launch(file).await,
        _ => Err("usage: pair [FILE]".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pair: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What the two processes may call in this one, which started them.
struct Launcher {
    server: Mutex<Child>,
    listening: mpsc::UnboundedSender<SocketAddr>,
}

/// The server tells where it can be reached.
#[remote_fn]
fn listening(launcher: &Launcher, address: String) -> Result<()> {
    Ok(launcher.listening.send(address.parse()?)?)
}

/// Kills the server's process, as `kill -9` would.
#[remote_fn]
fn kill_server(launcher: &Launcher) -> Result<()> {
    let mut server = launcher.server.lock().map_err(|_| "poisoned")?;
    Ok(server.start_kill()?)
}

async fn launch(file: &OsStr) -> Result<()> {
    let desk = RequestServer::bind("127.0.0.1:0").await?;
    let address = desk.local_addr().map(|address| address.to_string()).unwrap_or_default();
    let server = this_program().arg("--server").arg(&address).spawn()?;
    let (listening, mut heard) = mpsc::unbounded_channel();
    let launcher = Launcher { server: Mutex::new(server), listening };
    let desk = desk.functions(functions![listening, kill_server].state(Arc::new(launcher)));
    tokio::spawn(desk.serve());

    let heard = timeout(Duration::from_secs(30), heard.recv()).await?;
    let server = heard.ok_or("the server did not start")?.to_string();
    let client = this_program().arg("--client").args([address, server]).arg(file).status().await?;
    if client.success() { Ok(()) } else { Err("the client failed".into()) }
}

/// This program, once more. It ends when we do.
fn this_program() -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap_or_else(|_| "pair".into()));
    command.kill_on_drop(true);
    command
}

async fn server(launcher: &OsStr) -> Result<()> {
    let launcher = Wire::connect(&*launcher.to_string_lossy()).await?;
    let server = RequestServer::bind("127.0.0.1:0").await?;
    let address = server.local_addr().map(|address| address.to_string());
    remote_value!(launcher, listening(address) -> ()).value().await?;
    tokio::select! {
        served = reader(server).serve() => Ok(served?),
        why = launcher.closed() => Err(why.into()),
    }
}

async fn client(launcher: &OsStr, server: &OsStr, file: &Path) -> Result<()> {
    let launcher = Wire::connect(&*launcher.to_string_lossy()).await?;
    let api = sender::offered();
    let wire = Wire::builder().functions(api).connect(&*server.to_string_lossy()).await?;
    let kill = async || {
        remote!(launcher, kill_server())?;
        launcher.force_output().await
    };
    sender::tour(&wire, file, kill).await
}
