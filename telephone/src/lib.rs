//! Commands for other machines.

mod job;

pub use job::{Hint, Job, JobId, NotAnId, Progress, State, Submission};
