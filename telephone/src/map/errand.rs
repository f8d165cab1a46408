//! The way of one chunk to a partner and back.

use std::time::Duration;

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::worker::{Trouble, Worker};
use crate::job::{Job, JobId, Submission};

/// With what an errand comes back.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Return {
    /// The command ended.
    Ended(Box<Job>),
    /// The partner took the command, and knows nothing of it any more.
    Forgotten,
    /// It was not taken.
    NotTaken(Trouble),
    /// It was taken, and what became of it could not be found out.
    Lost(Trouble),
    /// It was called back, and the partner was told, if it could be.
    CalledBack,
}

/// Hands in the command, and waits for its end or until it is called back.
pub(super) async fn errand<W: Worker>(
    worker: W,
    submission: Submission,
    called_back: CancellationToken,
) -> Return {
    let id = {
        let mut submitting = std::pin::pin!(worker.submit(submission));
        let taken = tokio::select! {
            taken = &mut submitting => taken,
            // Without its id a command cannot be cancelled, and it may just be arriving there.
            () = called_back.cancelled() => match timeout(GRACE, submitting).await {
                Ok(taken) => taken,
                Err(_) => return Return::CalledBack,
            },
        };
        match taken {
            Ok(id) => id,
            Err(trouble) => return Return::NotTaken(trouble),
        }
    };
    tokio::select! {
        biased;
        () = called_back.cancelled() => {
            let _ = timeout(GRACE, worker.cancel(&id)).await;
            Return::CalledBack
        }
        returned = end_of(&worker, &id) => returned,
    }
}

async fn end_of<W: Worker>(worker: &W, id: &JobId) -> Return {
    loop {
        match worker.wait(id).await {
            Ok(Some(job)) if job.state.is_ended() => return Return::Ended(Box::new(job)),
            Ok(Some(_)) => {}
            Ok(None) => return Return::Forgotten,
            // Asking needs no place in the queue.
            Err(Trouble::Full(pause)) => tokio::time::sleep(pause.unwrap_or(GRACE)).await,
            Err(trouble) => return Return::Lost(trouble),
        }
    }
}

/// How long a partner has for hearing that something is called off: nobody waits for it.
pub(super) const GRACE: Duration = Duration::from_secs(2);
