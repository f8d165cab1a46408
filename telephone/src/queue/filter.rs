//! Which commands to list, and how many there are.

use serde::{Deserialize, Serialize};

use crate::job::{JobId, State};

/// Which commands to list: the newest first.
///
/// ```
/// use telephone::State;
/// use telephone::queue::JobFilter;
///
/// let filter = JobFilter::default().state(State::Unwound).limit(10);
/// assert_eq!(filter.limit, 10);
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct JobFilter {
    /// Only those that stand so.
    pub state: Option<State>,
    /// How many at most: 100 by default, and 1,000 if it says more, since each may bring a value.
    pub limit: u32,
    /// Only those that were stored before this one: the last of a list begins the next. None
    /// are, if it is not there any more.
    pub before: Option<JobId>,
}

impl JobFilter {
    /// Only those that stand so.
    pub fn state(mut self, state: State) -> Self {
        self.state = Some(state);
        self
    }

    /// That many at most.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = limit;
        self
    }

    /// Only those that were stored before this one.
    pub fn before(mut self, id: JobId) -> Self {
        self.before = Some(id);
        self
    }
}

impl Default for JobFilter {
    fn default() -> Self {
        Self { state: None, limit: 100, before: None }
    }
}

/// How many commands a queue has, and may have.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, utoipa::ToSchema)]
#[non_exhaustive]
pub struct Counts {
    /// Those that wait.
    pub waiting: u64,
    /// Those that run, on all servers.
    pub running: u64,
    /// Those that have a value.
    pub finished: u64,
    /// Those that have a hint instead.
    pub unwound: u64,
    /// Those that were called off.
    pub cancelled: u64,
    /// Those that waited too long.
    pub expired: u64,
    /// Those that a crash caught.
    pub interrupted: u64,
    /// How many may wait.
    pub limit: u64,
    /// How many run at once on this server.
    pub concurrency: u64,
    /// Whether this server takes commands at present.
    pub taking: bool,
}

impl Counts {
    pub(super) fn set(&mut self, state: State, count: u64) {
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
