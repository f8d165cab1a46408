//! One SQLite file has one server.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{FlockOperation, flock};

use super::error::QueueError;

/// Holds a queue's file against other servers, until it is dropped or the process ends, however
/// it ends.
///
/// The lock is on a file beside it: SQLite locks its own in other ways, and opening and closing
/// that one here would release them. That the file stays behind means nothing.
#[derive(Debug)]
pub(super) struct FileLock {
    held: File,
}

impl FileLock {
    /// Takes the file at this path, and makes it if it is not there, for its user's eyes only:
    /// commands and values are nobody else's business.
    pub(super) fn take(path: &Path) -> Result<Self, QueueError> {
        let failed = |error| QueueError::File { path: path.to_owned(), error: Arc::new(error) };
        if let Some(directory) = path.parent() {
            DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(failed)?;
        }
        let held = open(&beside(path)).map_err(failed)?;
        match flock(&held, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => {
                return Err(QueueError::Taken { path: path.to_owned() });
            }
            Err(error) => return Err(failed(error.into())),
        }
        open(path).map_err(failed)?;
        Ok(Self { held })
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        // Closing the file would not do: a process that another thread is just about to start has
        // it open as well until it becomes another program.
        let _ = flock(&self.held, FlockOperation::Unlock);
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}
