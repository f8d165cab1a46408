//! Commands for other machines.

pub mod api;
pub mod evaluator;
mod job;
pub mod lisp;
mod map;
pub mod original;
pub mod partner;
mod partners;
pub mod queue;
pub mod server;

pub use job::{Hint, Job, JobId, NotAnId, Progress, State, Submission};
pub use map::{Map, MapError, MapProgress, MapSettings, Outcome, PartnerProgress};
pub use partners::{KnownPartner, Partners, PartnersError, PartnersFile};
