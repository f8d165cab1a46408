//! How a server and its queue are.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::job::{JobId, State};

/// How a server is.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, utoipa::ToSchema)]
#[non_exhaustive]
pub struct Status {
    /// What it is.
    pub kind: Kind,
    /// Its version, if it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Since when it serves, if it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub since: Option<Timestamp>,
    /// How full its queue is, if it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<Counts>,
}

/// What a partner is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Kind {
    /// A server of this crate.
    Telephone,
    /// One that has only the two endpoints of the original.
    Original,
}

/// How many commands a queue has, in each state, and may have.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize, utoipa::ToSchema)]
#[non_exhaustive]
pub struct Counts {
    /// Stored, and not begun.
    pub waiting: u64,
    /// Begun.
    pub running: u64,
    /// Ended with a value, and still kept.
    pub finished: u64,
    /// Ended with a hint, and still kept.
    pub unwound: u64,
    /// Called off, and still kept.
    pub cancelled: u64,
    /// Never begun in time, and still kept.
    pub expired: u64,
    /// Caught by a crash, and still kept.
    pub interrupted: u64,
    /// How many may wait before the queue is full.
    pub limit: u64,
    /// How many may run at once, on the server that is asked.
    pub concurrency: u64,
    /// Whether commands are taken up at present: else they wait until they are.
    #[serde(default)]
    pub taking: bool,
}

impl Counts {
    pub(crate) fn set(&mut self, state: State, count: u64) {
        *match state {
            State::Waiting => &mut self.waiting,
            State::Running => &mut self.running,
            State::Finished => &mut self.finished,
            State::Unwound => &mut self.unwound,
            State::Cancelled => &mut self.cancelled,
            State::Expired => &mut self.expired,
            State::Interrupted => &mut self.interrupted,
        } = count;
    }
}

/// How a partner is, as seen from the server that was asked.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, utoipa::ToSchema)]
#[non_exhaustive]
pub struct PartnerStatus {
    /// Its name here.
    pub name: String,
    /// Its address.
    pub address: String,
    /// Whether it answered.
    pub up: bool,
    /// How long it took to answer, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<f64>,
    /// What it said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Why it did not answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// Which commands are listed, the latest first.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct JobFilter {
    /// Only those in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// At most so many. Without it the server decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Only those submitted before this one: the last of a list asks for the next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub before: Option<JobId>,
}

impl JobFilter {
    /// All of them.
    pub fn all() -> Self {
        Self::default()
    }

    /// Only those in this state.
    pub fn state(mut self, state: State) -> Self {
        self.state = Some(state);
        self
    }

    /// At most so many.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Only those submitted before this one.
    pub fn before(mut self, id: JobId) -> Self {
        self.before = Some(id);
        self
    }
}
