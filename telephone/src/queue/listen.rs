//! What servers that share a PostgreSQL database tell each other.
//!
//! Each transaction sends the ids of the commands that it changed (`NOTIFY`), and they arrive when
//! it was committed. A server reads those again that somebody follows there, or that it runs.

use std::sync::Arc;
use std::time::Duration;

use sqlx::AnyConnection;
use sqlx::postgres::PgListener;
use tokio::time::sleep;

use crate::job::{Job, JobId, State};

use super::shared::Shared;

/// Tells the others of the commands in these words, if the transaction is committed.
pub(super) async fn tell(
    connection: &mut AnyConnection,
    server: &str,
    words: &[String],
) -> sqlx::Result<()> {
    for some in words.chunks(AT_ONCE) {
        let message = format!("{server} {}", some.join(" "));
        sqlx::query("SELECT pg_notify($1, $2)")
            .bind(CHANNEL)
            .bind(message)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// A command's id, and a mark if it waits.
pub(super) fn word(job: &Job) -> String {
    let mark = if job.state == State::Waiting { WAITING } else { "" };
    format!("{}{mark}", job.id)
}

/// Begins to listen: what is committed from now on is heard.
pub(super) async fn connect(url: &str) -> sqlx::Result<PgListener> {
    let mut listener = PgListener::connect(url).await?;
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

/// Hears the others until the queue closes.
pub(super) async fn run(queue: Arc<Shared>, mut listener: PgListener, url: String) {
    loop {
        tokio::select! {
            error = listen(&queue, &mut listener) => {
                tracing::warn!(%error, "the queue does not hear of other servers' changes now");
            }
            () = queue.closing.cancelled() => return,
        }
        tokio::select! {
            again = connect_again(&queue, &url) => listener = again,
            () = queue.closing.cancelled() => return,
        }
        // What was told before this one listened.
        queue.look_again();
    }
}

async fn listen(queue: &Shared, listener: &mut PgListener) -> sqlx::Error {
    loop {
        match listener.try_recv().await {
            Ok(Some(notification)) => hear(queue, notification.payload()).await,
            // The connection was lost, and is there again.
            Ok(None) => queue.look_again(),
            Err(error) => return error,
        }
    }
}

/// A new listener: one that failed would connect again by itself, and say nothing of what it
/// missed.
async fn connect_again(queue: &Shared, url: &str) -> PgListener {
    loop {
        match connect(url).await {
            Ok(listener) => return listener,
            // Everybody looks once a second meanwhile.
            Err(_) => queue.look_again(),
        }
        sleep(REST).await;
    }
}

async fn hear(queue: &Shared, message: &str) {
    let mut words = message.split(' ');
    if words.next() == Some(queue.server.as_str()) {
        return;
    }
    for word in words {
        let id = word.strip_suffix(WAITING).unwrap_or(word);
        if id != word {
            queue.wake.notify_one();
        }
        let Ok(id) = id.parse::<JobId>() else { continue };
        if queue.notices.wants(&id) || queue.running.has(&id) {
            let _in_order = queue.order.lock().await;
            match queue.job(&id).await {
                Ok(Some(job)) => queue.publish(&job),
                Ok(None) => {}
                Err(_) => queue.notices.missed(),
            }
        }
    }
}

const CHANNEL: &str = "telephone_job";
/// No part of an id.
const WAITING: &str = "*";
/// PostgreSQL takes 8,000 octets; an id of ours has 26, and a blank and a mark.
const AT_ONCE: usize = 250;
const REST: Duration = Duration::from_secs(1);
