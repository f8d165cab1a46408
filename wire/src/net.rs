//! Sockets and tasks: how wires are made, and the task that drives each.

mod bucket;
mod builder;
mod busy_poll;
mod child;
mod dispatch;
mod driver;
mod error;
mod gate;
mod halves;
mod input;
mod line;
mod listener;
mod nudges;
mod output;
mod pair;
mod server;
mod serving;
mod tcp;
mod timers;
mod trees;
mod unread;
mod woken;

pub use builder::Builder;
pub use error::{BindError, ConnectError};
pub use server::RequestServer;
pub use serving::ServerHandle;
