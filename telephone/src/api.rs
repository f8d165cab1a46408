//! What is said in JSON between a server and its callers, beside [`Job`](crate::Job) and
//! [`Submission`](crate::Submission): plain data, and where it is found.

mod description;
mod problem;
mod status;

pub use description::{FunctionDescription, ParameterDescription};
pub use problem::Problem;
pub use status::{Counts, JobFilter, Kind, PartnerStatus, Status};

/// Where commands are submitted and listed; `/ID` after it is one of them.
pub const JOBS: &str = "/api/jobs";
/// All changes of all commands, as server-sent events.
pub const EVENTS: &str = "/api/events";
/// What a command may call.
pub const FUNCTIONS: &str = "/api/functions";
/// How a server is.
pub const STATUS: &str = "/api/status";
/// How its partners are.
pub const PARTNERS: &str = "/api/partners";
/// All of this, described in OpenAPI.
pub const DESCRIPTION: &str = "/api/openapi.json";

/// The header that names a submission, so that sending it twice runs it once.
pub const KEY_HEADER: &str = "idempotency-key";
/// The type of every error's body (RFC 9457).
pub const PROBLEM_TYPE: &str = "application/problem+json";
