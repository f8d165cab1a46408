//! Which commands to list.

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
    /// There are fewer where their texts and values take more than 4 MiB.
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
