//! The queue keeps its word: on an SQLite file, in memory, and in PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod child;
mod postgres;
mod runners;
#[macro_use]
mod storage;

mod crash;
mod due;
mod failures;
mod keys;
mod limits;
mod measure;
mod model;
mod races;
mod servers;
mod states;
