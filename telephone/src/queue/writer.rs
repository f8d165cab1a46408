//! The task that changes the database: all that asked meanwhile, in one transaction.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::{AnyConnection, Executor};
use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;

use crate::job::Job;

use super::error::{QueueError, is_of_one, is_transient};
use super::listen;
use super::shared::Shared;
use super::write::{Transaction, Write};

/// Where changes are asked for.
#[derive(Clone)]
pub(super) struct Writer {
    pub(super) queue: Arc<Shared>,
    requests: mpsc::Sender<Box<dyn Request>>,
}

impl Writer {
    /// Starts the task.
    pub(super) fn start(queue: Arc<Shared>) -> Self {
        let (requests, queued) = mpsc::channel(BATCH);
        queue.tasks.spawn(run(Arc::clone(&queue), queued));
        Self { queue, requests }
    }

    /// Asks for a change, and waits until it is on the disk. Whoever stops waiting does not stop
    /// the change.
    pub(super) async fn write<W: Write>(
        &self,
        call: &'static str,
        write: W,
    ) -> Result<W::Answer, QueueError> {
        let (reply, answer) = oneshot::channel();
        let pending = Pending { call, write, answer: None, changed: Vec::new(), reply };
        let sent = self.requests.send(Box::new(pending)).await;
        sent.map_err(|_| QueueError::Closed { call })?;
        answer.await.map_err(|_| QueueError::Closed { call })?
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.queue.fmt(f)
    }
}

/// Makes changes until the queue closes.
async fn run(queue: Arc<Shared>, mut queued: mpsc::Receiver<Box<dyn Request>>) {
    let mut batch = Vec::new();
    loop {
        tokio::select! {
            // What waits together is written together.
            _ = queued.recv_many(&mut batch, BATCH) => {}
            () = queue.closing.cancelled() => return,
        }
        if batch.is_empty() {
            return;
        }
        commit(&queue, &mut batch).await;
    }
}

/// Writes a batch, or, if one of it keeps the others from being written, each by itself.
async fn commit(queue: &Arc<Shared>, batch: &mut Vec<Box<dyn Request>>) {
    let _in_order = queue.order.lock().await;
    match patiently(queue, batch).await {
        Err(error) if batch.len() > 1 && is_of_one(&error) => {
            for request in std::mem::take(batch) {
                let mut alone = vec![request];
                let done = patiently(queue, &mut alone).await;
                settle(queue, &mut alone, done);
            }
        }
        done => settle(queue, batch, done),
    }
}

fn settle(queue: &Arc<Shared>, batch: &mut Vec<Box<dyn Request>>, done: sqlx::Result<()>) {
    let error = done.err().map(Arc::new);
    for request in batch.drain(..) {
        request.settle(queue, error.clone());
    }
}

/// Tries again what may pass by itself, for about a second.
async fn patiently(queue: &Arc<Shared>, batch: &mut [Box<dyn Request>]) -> sqlx::Result<()> {
    let mut rest = FIRST_REST;
    loop {
        match attempt(queue, batch).await {
            Err(error) if is_transient(&error) && rest < LONGEST_REST => {
                tracing::debug!(%error, "the queue's database failed; trying again");
                sleep(rest).await;
                rest *= 2;
            }
            done => {
                // Where the connection broke, the attempt before may have been committed, and
                // this one found nothing left to change and to tell.
                if rest > FIRST_REST {
                    queue.look_again();
                }
                return done;
            }
        }
    }
}

/// Makes the changes, all or none.
///
/// It speaks of its own `COMMIT` and `ROLLBACK`, since SQLite rolls back by itself where there is
/// no room, and a driver that counts transactions goes astray then.
async fn attempt(queue: &Arc<Shared>, batch: &mut [Box<dyn Request>]) -> sqlx::Result<()> {
    let mut connection = queue.store.writing().await?;
    let done = transact(queue, &mut connection, batch).await;
    if done.is_err() {
        // There may be nothing to roll back; a connection that is lost has nothing either.
        let _ = connection.execute("ROLLBACK").await;
    }
    done
}

async fn transact(
    queue: &Shared,
    connection: &mut AnyConnection,
    batch: &mut [Box<dyn Request>],
) -> sqlx::Result<()> {
    connection.execute(queue.store.dialect.begin()).await?;
    let mut change = Transaction {
        connection,
        queue,
        now_ms: queue.settings.clock.now_ms(),
        waiting: None,
        claims: false,
        changed: Vec::new(),
    };
    for request in batch.iter_mut() {
        request.apply(&mut change).await?;
    }
    if queue.store.is_shared {
        let changed = batch.iter().flat_map(|request| request.changed());
        let words: Vec<String> = changed.map(listen::word).collect();
        listen::tell(change.connection, &queue.server, &words).await?;
    }
    change.connection.execute("COMMIT").await?;
    Ok(())
}

/// A change that somebody waits for.
trait Request: Send {
    fn apply<'a>(&'a mut self, on: &'a mut Transaction<'_>) -> BoxFuture<'a, sqlx::Result<()>>;
    fn changed(&self) -> &[Job];
    fn settle(self: Box<Self>, queue: &Shared, error: Option<Arc<sqlx::Error>>);
}

struct Pending<W: Write> {
    call: &'static str,
    write: W,
    /// Of the latest attempt.
    answer: Option<W::Answer>,
    changed: Vec<Job>,
    reply: oneshot::Sender<Result<W::Answer, QueueError>>,
}

impl<W: Write> Request for Pending<W> {
    fn apply<'a>(&'a mut self, on: &'a mut Transaction<'_>) -> BoxFuture<'a, sqlx::Result<()>> {
        Box::pin(async move {
            on.changed.clear();
            self.answer = Some(self.write.apply(on).await?);
            self.changed = std::mem::take(&mut on.changed);
            Ok(())
        })
    }

    fn changed(&self) -> &[Job] {
        &self.changed
    }

    fn settle(self: Box<Self>, queue: &Shared, error: Option<Arc<sqlx::Error>>) {
        let result = match (error, self.answer) {
            (None, Some(answer)) => {
                self.write.committed(&answer, queue);
                for job in &self.changed {
                    queue.publish(job);
                }
                Ok(answer)
            }
            (Some(error), _) => Err(QueueError::of(self.call, error)),
            (None, None) => Err(QueueError::Closed { call: self.call }),
        };
        // Whoever asked may have stopped waiting.
        let _ = self.reply.send(result);
    }
}

/// The most changes in one transaction: what others wait for meanwhile stays below some 50 ms.
const BATCH: usize = 256;
const FIRST_REST: Duration = Duration::from_millis(20);
const LONGEST_REST: Duration = Duration::from_millis(1000);
