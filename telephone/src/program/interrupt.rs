//! Ctrl-C, and what else asks the program to end.

use std::future::pending;
use std::pin::pin;
use std::process;
use std::time::Duration;

use futures_util::FutureExt;
use telephone::partner::{Partner, PartnerError};
use telephone::{Job, JobId, Submission};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::timeout;

use super::{Failed, Output};

/// Hears of SIGINT and SIGTERM from when it is made on, also while nobody waits for it.
pub(crate) struct Interrupt {
    interrupt: Signal,
    terminate: Option<Signal>,
}

impl Interrupt {
    pub(crate) fn new() -> Result<Self, Failed> {
        let terminate = Some(listen(SignalKind::terminate())?);
        Ok(Self { terminate, ..Self::only_ctrl_c()? })
    }

    /// SIGTERM ends the program as it does any other: while a line is typed, nobody listens here.
    pub(crate) fn only_ctrl_c() -> Result<Self, Failed> {
        Ok(Self { interrupt: listen(SignalKind::interrupt())?, terminate: None })
    }

    /// The next one; its number, by which the exit code says which it was.
    pub(crate) async fn next(&mut self) -> u8 {
        let terminate = async {
            match &mut self.terminate {
                Some(terminate) => terminate.recv().await,
                None => pending().await,
            }
        };
        tokio::select! {
            _ = self.interrupt.recv() => 2,
            _ = terminate => 15,
        }
    }

    /// What came until now was meant for something else.
    pub(crate) fn forget(&mut self) {
        while self.interrupt.recv().now_or_never().is_some() {}
    }

    /// From now on, one more ends the program at once: somebody is in a hurry.
    pub(crate) fn ends_the_program(mut self) {
        tokio::spawn(async move {
            let number = self.next().await;
            process::exit(i32::from(128 + number));
        });
    }
}

fn listen(kind: SignalKind) -> Result<Signal, Failed> {
    signal(kind).map_err(|error| Failed::here(format!("cannot hear of signals: {error}")))
}

/// What became of a command that may be called off while one waits for it.
pub(crate) enum Waited {
    /// It ended, or is not known any more.
    For(Option<Box<Job>>),
    /// It was called off, by this signal.
    CalledOff(u8),
}

/// Submits a command and waits for its end. A signal cancels it at the partner.
pub(crate) async fn submit_and_wait(
    partner: &Partner,
    submission: Submission,
    interrupt: &mut Interrupt,
    output: Output,
) -> Result<Waited, PartnerError> {
    let mut submitting = pin!(partner.submit(submission));
    let mut signal = None;
    let job = tokio::select! {
        job = &mut submitting => job?,
        number = interrupt.next() => {
            signal = Some(number);
            // Without its id it cannot be cancelled, and it may just be arriving there.
            match timeout(PATIENCE, submitting).await {
                Ok(job) => job?,
                Err(_) => return Ok(Waited::CalledOff(number)),
            }
        }
    };
    let number = match signal {
        Some(number) => number,
        None => tokio::select! {
            ended = end_of(partner, &job.id) => {
                if ended.is_err() {
                    output.note(format_args!("ask again with: telephone result {} --wait", job.id));
                }
                return ended.map(|job| Waited::For(job.map(Box::new)));
            }
            number = interrupt.next() => number,
        },
    };
    call_off(partner, &job.id, output).await;
    Ok(Waited::CalledOff(number))
}

/// A command once it has ended, or `None` if the partner does not know it.
pub(crate) async fn end_of(partner: &Partner, id: &JobId) -> Result<Option<Job>, PartnerError> {
    loop {
        match partner.wait(id, TURN).await? {
            Some(job) if !job.state.is_ended() => {}
            ended => return Ok(ended),
        }
    }
}

async fn call_off(partner: &Partner, id: &JobId, output: Output) {
    match timeout(PATIENCE, partner.cancel(id)).await {
        Ok(Ok(_)) => output.note(format_args!("{id} is cancelled")),
        Ok(Err(error)) => output.note(format_args!("{id} could not be cancelled: {error}")),
        Err(_) => output.note(format_args!("{id} may still run: the partner does not answer")),
    }
}

/// How long somebody who wants the program to end waits for a partner.
const PATIENCE: Duration = Duration::from_secs(3);
const TURN: Duration = Duration::from_secs(3600);
