//! Wires to child processes and to the parent, over standard streams.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::process::Stdio;

use tokio::net::unix::pipe;
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::net::halves::Halves;
use crate::net::line::Stream;

/// Starts the child with its standard input and output at our end.
pub(crate) fn spawn(mut command: Command) -> io::Result<(Child, ChildStdout, ChildStdin)> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let missing = || io::Error::other("the child has no standard streams of ours");
    let stdout = child.stdout.take().ok_or_else(missing)?;
    let stdin = child.stdin.take().ok_or_else(missing)?;
    Ok((child, stdout, stdin))
}

/// Takes descriptors 0 and 1 for a stream. From then on standard input is empty, and standard
/// output goes to standard error, so that a `println!` cannot destroy the wire.
pub(crate) fn take_stdio() -> io::Result<Box<dyn Stream>> {
    let input = io::stdin().as_fd().try_clone_to_owned()?;
    let output = io::stdout().as_fd().try_clone_to_owned()?;
    rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
    rustix::stdio::dup2_stdout(io::stderr())?;
    pipes_or_files(input, output)
}

fn pipes_or_files(input: OwnedFd, output: OwnedFd) -> io::Result<Box<dyn Stream>> {
    let pipes = || {
        let receiver = pipe::Receiver::from_owned_fd(input.try_clone()?)?;
        let sender = pipe::Sender::from_owned_fd(output.try_clone()?)?;
        io::Result::Ok(Halves::new(receiver, sender))
    };
    if let Ok(pipes) = pipes() {
        return Ok(Box::new(pipes));
    }
    // Something else than pipes, a terminal or a socket: threads for blocking work do it.
    let file = |descriptor| tokio::fs::File::from_std(File::from(descriptor));
    Ok(Box::new(Halves::new(file(input), file(output))))
}
