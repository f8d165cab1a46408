//! How far a map is.

/// How far a [`Map`](crate::Map) is, told after each chunk and whenever a partner comes or goes.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct MapProgress {
    /// Items that have an outcome.
    pub done: usize,
    /// All items.
    pub of: usize,
    /// Those of `done` that have no value.
    pub unwound: usize,
    /// Commands that were sent so far.
    pub commands: u64,
    /// The partners, in the order in which they were given.
    pub partners: Vec<PartnerProgress>,
}

/// A partner's part in a [`Map`](crate::Map).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct PartnerProgress {
    /// Whether it answers.
    pub up: bool,
    /// Commands that it has, and has not answered.
    pub in_flight: usize,
    /// Items it has done.
    pub done: usize,
    /// What was wrong with it the last time, if it has done nothing since.
    pub trouble: Option<String>,
}
