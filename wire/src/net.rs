//! Sockets and tasks: how wires are made, and the task that drives each.

mod bucket;
mod builder;
mod child;
mod dispatch;
mod driver;
mod gate;
mod halves;
mod input;
mod listener;
mod output;
mod pair;
mod server;
mod tcp;
mod timers;
mod trees;

pub use builder::{Builder, ConnectError};
pub use server::{BindError, RequestServer, ServerHandle};
