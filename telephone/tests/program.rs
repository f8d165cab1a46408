//! The program, as its users have it: processes, their output and their exit codes.
#![cfg(feature = "program")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should end")]

#[path = "program/commands.rs"]
mod commands;
#[path = "program/crash.rs"]
mod crash;
#[path = "program/interrupt.rs"]
mod interrupt;
#[path = "program/json.rs"]
mod json;
#[path = "program/map.rs"]
mod map;
#[path = "program/partners.rs"]
mod partners;
#[path = "program/repl.rs"]
mod repl;
#[path = "program/serve.rs"]
mod serve;
#[path = "program/support.rs"]
mod support;
