//! Partners: other servers, and what can be asked of them.

mod address;
mod error;
mod events;
mod follow;
mod http;
mod line;
mod original;
mod turns;
mod wire;

pub use error::{Failure, PartnerError};

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::BoxStream;

use self::wire::WireLine;
use crate::api::{FunctionDescription, JobFilter, Status};
use crate::job::{Job, JobId, Submission};
use crate::original::Answer;
use address::{Address, Scheme};
use http::HttpLine;
use line::Line;

/// A server that takes commands: by its JSON API, or the two endpoints of the original.
///
/// Which of them it has is found out by the first question, and remembered. A partner that has only
/// the original's is polled behind the same methods; it cannot cancel or list, knows no functions,
/// and does not heed what a [`Submission`] says beside the command.
///
/// Cloning it is cheap, and clones share connections. Making one connects nowhere. No question is put
/// through a proxy or follows a redirection, since a token may go along.
///
/// A lost answer is asked for again twice, within half a second: a submission too, which gets a
/// random key if it has none, so that it runs once. To the original it is sent once.
///
/// ```no_run
/// # async fn example() -> Result<(), telephone::partner::PartnerError> {
/// use std::time::Duration;
/// use telephone::Submission;
/// use telephone::partner::Partner;
///
/// let partner = Partner::new("http://127.0.0.1:4242")?;
/// let job = partner.submit(Submission::new("(+ 1 2)")).await?;
/// let job = partner.wait(&job.id, Duration::from_secs(60)).await?.expect("it was just filed");
/// assert_eq!(job.value.as_deref(), Some("3"));
/// # Ok(())
/// # }
/// ```
///
/// # Cancel safety
/// Every future here may be dropped. A question that was sent may have been heard: a command may
/// have been filed, or cancelled.
#[derive(Clone)]
pub struct Partner {
    name: Option<Arc<str>>,
    address: Address,
    line: Line,
}

impl Partner {
    /// The partner at `http://HOST:PORT`, `https://HOST:PORT` or `wire://HOST:PORT`. Without a port
    /// it is 4242 for the first, 443 for the second and 4243 for the third.
    ///
    /// Over `wire` all questions of all clones go as calls over one [`Wire`](::wire::Wire), which is
    /// laid by the first of them, and again once it has ended.
    ///
    /// Certificates of `https` are checked against those that the system trusts, to which the
    /// environment variable `SSL_CERT_FILE` can add. It needs the feature of that name.
    ///
    /// # Errors
    /// [`Failure::Address`] if it is no such address.
    pub fn new(address: &str) -> Result<Self, PartnerError> {
        let told = |failure| PartnerError::new(address, failure);
        let address = address.parse::<Address>().map_err(told)?;
        let line = match address.scheme() {
            Scheme::Http | Scheme::Https => Line::Http(HttpLine::new(&address).map_err(told)?),
            Scheme::Wire => Line::Wire(WireLine::new(&address, None)),
        };
        Ok(Self { name: None, address, line })
    }

    /// Shows this token to the partner.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        let token: String = token.into();
        match &mut self.line {
            Line::Http(line) => line.set_token(token),
            Line::Wire(line) => line.set_token(token),
        }
        self
    }

    /// Calls it so in errors, which name its address otherwise.
    pub fn named(mut self, name: impl Into<Arc<str>>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Its name, or else its address.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_else(|| self.address())
    }

    /// Its address.
    pub fn address(&self) -> &str {
        self.address.as_str()
    }

    /// Files a command. The job that comes back is as it stands then: mostly waiting.
    ///
    /// # Errors
    /// [`Failure`]: busy, the key names another command, too long, and what can go wrong on the way.
    pub async fn submit(&self, mut submission: Submission) -> Result<Job, PartnerError> {
        submission.key.get_or_insert_with(|| JobId::random().into());
        self.told(self.line.submit(&submission).await)
    }

    /// How a command stands; `None` if the partner does not know it, or any more.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn job(&self, id: &JobId) -> Result<Option<Job>, PartnerError> {
        self.told(self.line.job(id).await)
    }

    /// A command as soon as it has ended, or as it stands after this time.
    ///
    /// The partner holds its answer back until then, in turns of 20 seconds; the original is asked
    /// again and again, in pauses that grow from 20 ms to half a second.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn wait(&self, id: &JobId, patience: Duration) -> Result<Option<Job>, PartnerError> {
        self.told(self.line.wait(id, patience).await)
    }

    /// Calls a command off, and tells how it stands then. One that has ended stays as it is.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] by the original; [`Failure`].
    pub async fn cancel(&self, id: &JobId) -> Result<Option<Job>, PartnerError> {
        self.told(self.line.cancel(id).await)
    }

    /// The partner's commands, the latest first.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] by the original; [`Failure`].
    pub async fn jobs(&self, filter: JobFilter) -> Result<Vec<Job>, PartnerError> {
        self.told(self.line.jobs(&filter).await)
    }

    /// How the partner is. The original is asked about a command that is not there.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn status(&self) -> Result<Status, PartnerError> {
        self.told(self.line.status().await)
    }

    /// What the partner's commands may call beside Lisp itself. The original tells of none.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn functions(&self) -> Result<Vec<FunctionDescription>, PartnerError> {
        self.told(self.line.functions().await)
    }

    /// A command as it stands, and then with each change, until it has ended.
    ///
    /// Changes that follow each other quickly may come as one. A broken connection is laid again;
    /// when that fails five times in a row, the stream ends with the error.
    pub fn follow(&self, id: &JobId) -> BoxStream<'static, Result<Job, PartnerError>> {
        follow::follow(self.clone(), id.clone())
    }

    /// Files a command by the original's endpoint, as the original's `remote-command` does.
    ///
    /// It is sent once: a lost answer may mean that it was filed.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn remote_command(&self, command: &str) -> Result<JobId, PartnerError> {
        self.told(self.line.remote_command(command).await)
    }

    /// How a command stands, by the original's endpoint, as the original's `remote-result` does.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn remote_result(&self, id: &JobId) -> Result<Answer, PartnerError> {
        self.told(self.line.remote_result(id).await)
    }

    fn told<T>(&self, result: Result<T, Failure>) -> Result<T, PartnerError> {
        result.map_err(|failure| PartnerError::new(self.shown(), failure))
    }

    /// As errors show it: `NAME (ADDRESS)`, or the address.
    fn shown(&self) -> String {
        match &self.name {
            Some(name) => format!("{name} ({})", self.address),
            None => self.address.to_string(),
        }
    }
}

/// Without the token.
impl fmt::Debug for Partner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Partner").field(&self.shown()).finish()
    }
}
