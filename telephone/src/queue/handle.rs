//! `Queue`: what programs hold.

use std::sync::Arc;
use std::time::Duration;

use futures_util::Stream;
use tokio::time::timeout;

use crate::job::{Job, JobId, Submission};

use super::beat::{self, Register, Resign};
use super::cancel::Cancel;
use super::dispatch;
use super::error::{QueueError, SubmitError};
use super::filter::JobFilter;
use super::follow::{self, Change};
use super::listen;
use super::runner::Runner;
use super::settings::{QueueSettings, Storage};
use super::shared::Shared;
use super::store::{Store, opening};
use super::submit::{Submit, Submitted};
use super::writer::Writer;
use crate::api::Counts;

/// A queue of commands that keeps its word. See the [module](super) for what that is, and what it
/// costs.
///
/// Clones are handles of the same queue. When the last one is dropped, or the process dies in
/// whatever way, the queue stops as it stands, and the next one to open it accounts for what ran;
/// [`shutdown`](Self::shutdown) does so at once, after a time of grace.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::sync::Arc;
/// use std::time::Duration;
/// use futures_util::future::BoxFuture;
/// use telephone::queue::{ProgressSink, Queue, QueueSettings, Runner, Storage};
/// use telephone::{Hint, Job, State, Submission};
///
/// struct Shout;
///
/// impl Runner for Shout {
///     fn run(&self, job: Job, _: ProgressSink) -> BoxFuture<'_, Result<String, Hint>> {
///         Box::pin(async move { Ok(job.command.to_uppercase()) })
///     }
/// }
///
/// let queue = Queue::open(QueueSettings::new(Storage::Memory)).await?;
/// queue.start(Arc::new(Shout));
///
/// let submitted = queue.submit(Submission::new("hello").key("greeting")).await?;
/// let again = queue.submit(Submission::new("hello").key("greeting")).await?;
/// assert_eq!(again.job.id, submitted.job.id);
///
/// let job = queue.wait(&submitted.job.id, Duration::from_secs(60)).await?.expect("it is kept");
/// assert_eq!((job.state, job.value.as_deref()), (State::Finished, Some("HELLO")));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Queue(Arc<Handle>);

#[derive(Debug)]
struct Handle(Writer);

impl Queue {
    /// Opens a queue, makes it if it is not there, and accounts for what a server that is gone
    /// left running in it. Commands are taken from [`start`](Self::start) on.
    ///
    /// # Errors
    /// [`QueueError::Setting`], [`QueueError::Taken`], [`QueueError::File`],
    /// [`QueueError::Newer`], or what the database says.
    ///
    /// # Panics
    /// Outside of a Tokio runtime with time and IO.
    pub async fn open(settings: QueueSettings) -> Result<Self, QueueError> {
        settings.check()?;
        let store = Store::open(&settings).await?;
        let listener = match &settings.storage {
            Storage::Postgres(url) => {
                Some((listen::connect(url).await.map_err(opening)?, url.clone()))
            }
            Storage::File(_) | Storage::Memory => None,
        };
        let writer = Writer::start(Arc::new(Shared::new(settings, store)));
        let queue = Self(Arc::new(Handle(writer.clone())));
        // Giving up from here on ends the tasks.
        writer.write("account for what was running", Register).await?;
        let shared = queue.shared();
        if let Some((listener, url)) = listener {
            shared.tasks.spawn(listen::run(Arc::clone(shared), listener, url));
        }
        shared.tasks.spawn(beat::run(writer.clone()));
        shared.tasks.spawn(dispatch::run(writer));
        Ok(queue)
    }

    /// Stores a command, or finds the one that was submitted under its key before. When this
    /// returns it is on the disk.
    ///
    /// Keys live as long as the commands that have them. Submitting is not undone by dropping the
    /// future: a key makes it safe to ask again.
    ///
    /// # Errors
    /// [`SubmitError::TooLong`], [`SubmitError::Full`], [`SubmitError::KeyReused`], or
    /// [`SubmitError::Queue`].
    pub async fn submit(&self, submission: Submission) -> Result<Submitted, SubmitError> {
        let submit = Submit::check(submission, &self.shared().settings)?;
        self.writer().write("store a command", submit).await?
    }

    /// A command as it stands, or nothing if there is none of this id (any more).
    ///
    /// # Errors
    /// What the database says.
    pub async fn job(&self, id: &JobId) -> Result<Option<Job>, QueueError> {
        self.shared().job(id).await
    }

    /// Commands, the newest first.
    ///
    /// # Errors
    /// What the database says.
    pub async fn jobs(&self, filter: JobFilter) -> Result<Vec<Job>, QueueError> {
        self.shared().jobs(&filter).await
    }

    /// Calls a command off, if it has not ended, and returns it as it stands then; nothing if
    /// there is none. What runs is dropped as soon as this is on the disk, on whatever server.
    ///
    /// # Errors
    /// What the database says.
    pub async fn cancel(&self, id: &JobId) -> Result<Option<Job>, QueueError> {
        self.writer().write("cancel a command", Cancel { id: id.clone() }).await?;
        self.job(id).await
    }

    /// A command as soon as it has ended, or as it stands after this time; nothing if there is
    /// none. Costs no polling, and may be dropped.
    ///
    /// # Errors
    /// What the database says, or [`QueueError::Closed`].
    pub async fn wait(&self, id: &JobId, time: Duration) -> Result<Option<Job>, QueueError> {
        follow::wait(self.shared(), id, time).await
    }

    /// A command as it stands, then each change of it, the last of which is its end. Empty if
    /// there is none of this id. Progress comes once a [beat](QueueSettings::beat).
    ///
    /// One who reads slowly misses what was between, never the end. Ends early only when the queue
    /// closes.
    pub fn follow(&self, id: &JobId) -> impl Stream<Item = Job> + Send + use<> {
        follow::follow(Arc::clone(self.shared()), id)
    }

    /// Each change of each command from now on, on all servers, until the queue closes. One who
    /// reads slowly is told how much he missed.
    pub fn changes(&self) -> impl Stream<Item = Change> + Send + use<> {
        follow::changes(Arc::clone(self.shared()))
    }

    /// How many commands stand how. Costs a pass over an index of all of them.
    ///
    /// # Errors
    /// What the database says.
    pub async fn counts(&self) -> Result<Counts, QueueError> {
        self.shared().counts().await
    }

    /// Begins to take commands, and has this run them (`start-queue-thread`). Called again, the
    /// new runner gets those that are taken from then on.
    pub fn start(&self, runner: Arc<dyn Runner>) {
        self.shared().start(runner);
    }

    /// Stops taking commands (`stop-queue-thread`). Those that run go on, and those that are being
    /// taken just now; [`submit`](Self::submit) stores further ones.
    pub fn stop(&self) {
        self.shared().stop();
    }

    /// Ends the queue for all its handles: takes no more commands, lets those that run go on for
    /// this long, and accounts for the rest: interrupted, or waiting again if they may be
    /// repeated. When this returns, the file may be opened again.
    ///
    /// # Errors
    /// What the database says: then the next to open it accounts for what ran. The queue is closed
    /// in any case.
    pub async fn shutdown(&self, grace: Duration) -> Result<(), QueueError> {
        let shared = self.shared();
        shared.stop();
        shared.runs.close();
        // What is over may go on.
        let _ = timeout(grace, shared.runs.wait()).await;
        let resigned = self.writer().write("account for what still runs", Resign).await;
        shared.closing.cancel();
        shared.tasks.close();
        shared.runs.wait().await;
        shared.tasks.wait().await;
        shared.store.close().await;
        resigned
    }

    fn writer(&self) -> &Writer {
        &self.0.0
    }

    fn shared(&self) -> &Arc<Shared> {
        &self.writer().queue
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.queue.closing.cancel();
    }
}
