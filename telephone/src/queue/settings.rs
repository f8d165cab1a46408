//! Where a queue is stored, and how much it takes.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use directories::ProjectDirs;

use super::clock::Clock;
use super::error::QueueError;

/// Where a queue is stored.
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub enum Storage {
    /// An SQLite file, which is made if it is not there, readable by its user only. One server
    /// has it at a time: a second one is refused ([`QueueError::Taken`]). It wants a local disk,
    /// as SQLite does.
    File(PathBuf),
    /// SQLite in memory: all is gone with the process. For tests, and for queues that need not
    /// outlive their server.
    Memory,
    /// A PostgreSQL database, `postgres://user@host/database`. Several servers share it, and each
    /// takes over what another leaves behind when it dies. The tables are made if they are not
    /// there; their names begin with `telephone_`. The connection is not encrypted: give a socket's
    /// directory for the host, or put a tunnel around it.
    Postgres(String),
}

impl Storage {
    /// The file that belongs to this user: `queue.sqlite` where the system keeps programs' data,
    /// `~/.local/share/telephone` on Linux.
    ///
    /// # Errors
    /// [`QueueError::NoHome`] if the user has no home directory.
    pub fn of_user() -> Result<Self, QueueError> {
        let directories = ProjectDirs::from("", "", "telephone").ok_or(QueueError::NoHome)?;
        Ok(Self::File(directories.data_dir().join("queue.sqlite")))
    }
}

/// Without the URL of a PostgreSQL database, which may hold a password.
impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Memory => f.write_str("Memory"),
            Self::Postgres(_) => f.write_str("Postgres(..)"),
        }
    }
}

/// Where a queue is stored, how much it takes, and how long it keeps it.
///
/// ```
/// use std::time::Duration;
/// use telephone::queue::{QueueSettings, Storage};
///
/// let settings = QueueSettings::new(Storage::Memory).concurrency(2).retention(Duration::from_secs(3600));
/// assert_eq!(settings.length, 10_000);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct QueueSettings {
    /// Where it is stored.
    pub storage: Storage,
    /// How many commands run at once on this server. Default: as many as the machine has
    /// processors, since commands compute more than they wait.
    pub concurrency: usize,
    /// How many commands may wait, on all servers together. Default 10,000: at a second each and
    /// four at a time, that is 40 minutes' work, and whoever sends more should hear that he is not
    /// served soon. Commands that wait again after a crash are let in beyond it.
    pub length: u64,
    /// How often a command is begun at most, if its sender lets it be repeated. Default 3: one
    /// that kills its server would do so for ever.
    pub attempts: u32,
    /// How long an ended command is kept, and its key with it. Default 7 days: whoever sends on a
    /// Friday can ask on the next.
    pub retention: Duration,
    /// The octets of a command. Default 64 KiB: it is text that somebody writes, or a chunk of a
    /// map, and 10,000 of them fit in 640 MiB.
    pub command_length: usize,
    /// The octets of a key. Default 256: a name, four times as long as a hash in hexadecimal.
    pub key_length: usize,
    /// The octets of a value. Default 1 MiB; a command with a longer one unwinds, with the hint
    /// `VALUE-TOO-LONG`. Values are kept in memory several times while they are told.
    pub value_length: usize,
    /// The octets of an SQLite database. Default 4 GiB: what is full is the queue then, not the
    /// disk. Commands are refused until old results are deleted; the ends of those that are in it
    /// may take a quarter more, and wait for room beyond that. PostgreSQL has quotas of its own.
    pub database_size: u64,
    /// How often a server shows that it lives, expires, deletes, and writes down progress. Default
    /// 1 s. What is overdue is overdue by this much at most.
    pub beat: Duration,
    /// After how many beats of its own, without one of the other, a server counts another one
    /// among the dead. Default 15: longer than a failover of PostgreSQL or a stall of a virtual
    /// machine takes, since a server that is only slow loses its running commands.
    pub dead_after: u32,
    /// The time of day.
    pub clock: Clock,
}

impl QueueSettings {
    /// The defaults, stored there.
    pub fn new(storage: Storage) -> Self {
        Self {
            storage,
            concurrency: std::thread::available_parallelism().map_or(1, usize::from),
            length: 10_000,
            attempts: 3,
            retention: Duration::from_secs(7 * 24 * 60 * 60),
            command_length: 64 << 10,
            key_length: 256,
            value_length: 1 << 20,
            database_size: 4 << 30,
            beat: Duration::from_secs(1),
            dead_after: 15,
            clock: Clock::system(),
        }
    }

    /// Sets [`concurrency`](Self::concurrency).
    pub fn concurrency(mut self, commands: usize) -> Self {
        self.concurrency = commands;
        self
    }

    /// Sets [`length`](Self::length).
    pub fn length(mut self, commands: u64) -> Self {
        self.length = commands;
        self
    }

    /// Sets [`attempts`](Self::attempts).
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Sets [`retention`](Self::retention).
    pub fn retention(mut self, kept: Duration) -> Self {
        self.retention = kept;
        self
    }

    /// Sets [`command_length`](Self::command_length).
    pub fn command_length(mut self, octets: usize) -> Self {
        self.command_length = octets;
        self
    }

    /// Sets [`key_length`](Self::key_length).
    pub fn key_length(mut self, octets: usize) -> Self {
        self.key_length = octets;
        self
    }

    /// Sets [`value_length`](Self::value_length).
    pub fn value_length(mut self, octets: usize) -> Self {
        self.value_length = octets;
        self
    }

    /// Sets [`database_size`](Self::database_size).
    pub fn database_size(mut self, octets: u64) -> Self {
        self.database_size = octets;
        self
    }

    /// Sets [`beat`](Self::beat).
    pub fn beat(mut self, every: Duration) -> Self {
        self.beat = every;
        self
    }

    /// Sets [`dead_after`](Self::dead_after).
    pub fn dead_after(mut self, beats: u32) -> Self {
        self.dead_after = beats;
        self
    }

    /// Sets the [`clock`](Self::clock).
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Those that could not work are told by name, before anything is opened.
    pub(super) fn check(&self) -> Result<(), QueueError> {
        let refuse = |setting, rule| Err(QueueError::Setting { setting, rule });
        if self.concurrency == 0 {
            return refuse("concurrency", "at least 1, or nothing would ever run");
        }
        if self.attempts == 0 {
            return refuse("attempts", "at least 1, or nothing would ever run");
        }
        if self.beat.is_zero() {
            return refuse("beat", "longer than nothing");
        }
        if self.dead_after < 2 {
            return refuse("dead_after", "at least 2 beats, or servers would bury the living");
        }
        Ok(())
    }
}
