//! Commands for other machines.

mod job;
mod partners;

pub use job::{Hint, Job, JobId, NotAnId, Progress, State, Submission};
pub use partners::{KnownPartner, Partners, PartnersError, PartnersFile};
