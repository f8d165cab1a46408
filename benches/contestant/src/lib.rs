//! What the program of every contestant shares, so that only the libraries differ.
//!
//! A contestant implements [`Client`] and [`Server`] and hands both to [`main`]. Its program is
//! then started twice, as `server` and as `client`, and each speaks lines with the judge:
//!
//! ```text
//!   server   -> listening 127.0.0.1:4000     bound
//!            <- cpu                          asked at any time
//!            -> cpu 123456                   nanoseconds of all its threads so far
//!
//!   client   -> warm                         connected, and tried once; or `cannot`
//!            <- connect
//!            -> ready                        all connections stand
//!            <- go
//!            -> done 5000 123456 7890        calls, nanoseconds, nanoseconds of CPU
//! ```
//!
//! The end of its standard input ends either. Every value that comes back is compared with what
//! it must be; the first that is not ends the client with an error.

mod callers;
mod client;
mod clock;
mod console;
mod executor;
mod program;
mod sample;
mod settings;
mod work;

use std::error::Error;

pub use callers::{adds, local_tasks, summands, tasks};
pub use client::{Cannot, Client, Server};
pub use executor::Threads;
pub use program::main;
pub use sample::{Sample, numbers, octets};
pub use settings::Settings;

/// Whatever goes wrong in a measurement ends it, and is told.
pub type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;
