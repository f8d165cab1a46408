//! `Announcer`: tells a line about each command that arrives, and holds nobody up by it.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

/// Told a line about each command.
pub(super) type Announce = Box<dyn Fn(&str) + Send + Sync>;

/// Passes lines to a thread, which may have to wait: a terminal can be stopped, a pipe be full. The
/// server may not.
pub(super) struct Announcer(SyncSender<String>);

impl Announcer {
    pub(super) fn start(announce: Announce) -> Self {
        let (sender, lines) = sync_channel::<String>(KEPT);
        let tell = move || lines.iter().for_each(|line| announce(&line));
        // The thread ends with the last line after the server.
        if let Err(error) = thread::Builder::new().name("announcer".to_owned()).spawn(tell) {
            tracing::warn!(%error, "no thread can be started, so no command is announced");
        }
        Self(sender)
    }

    /// Where lines are not taken for so long that they pile up, they are dropped.
    pub(super) fn tell(&self, line: String) {
        drop(self.0.try_send(line));
    }
}

/// A screen's worth many times over.
const KEPT: usize = 1024;
