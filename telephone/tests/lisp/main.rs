//! The original's own ways, with Lisp at either end: the session that its README shows.
//!
//! Where SBCL or one of the systems is not installed these tests say so and pass, unless
//! `TELEPHONE_NEEDS_SBCL` is set, as where all checks are run.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod our_client;
mod sbcl;
#[path = "../support/served.rs"]
mod served;
mod their_client;
