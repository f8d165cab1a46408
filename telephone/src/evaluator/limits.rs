//! What a command may use.

use std::time::Duration;

/// What one command may use, and how many processes there are.
///
/// ```
/// use std::time::Duration;
/// use telephone::evaluator::EvaluatorLimits;
///
/// let limits = EvaluatorLimits::default().time(Duration::from_secs(5)).depth(1_000);
/// assert_eq!(limits.depth, 1_000);
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct EvaluatorLimits {
    /// How long a command may run. Default 60 s: longer work is better cut into several commands,
    /// which a queue can list, cancel and share out. Beyond it: `TIMEOUT`.
    pub time: Duration,
    /// How many octets of memory a command may have beyond those of an idle evaluator, all it
    /// maps counted. Default 512 MiB: ten times what the largest command and value need, and a machine of
    /// 8 GiB stands several at once. Beyond it: `STORAGE-EXHAUSTED`.
    pub memory: u64,
    /// How deep calls may nest that are not in tail position. Default 100,000, which
    /// takes some 7 MB, and is ten times what SBCL's own stack of 2 MiB holds. Beyond it:
    /// `STACK-EXHAUSTED`.
    pub depth: u32,
    /// How long a command may be, in octets. Default 1 MiB. Beyond it: `COMMAND-TOO-LONG`.
    pub command_octets: usize,
    /// How long its printed value may be, in octets. Default 4 MiB: it is stored, and goes through
    /// HTTP bodies. Beyond it: `VALUE-TOO-LONG`.
    pub value_octets: usize,
    /// How many processes there are at most, and so how many commands run at once; the next
    /// ones wait. Default 16: with the default of memory what a machine of 8 GiB stands.
    pub processes: usize,
}

impl Default for EvaluatorLimits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(60),
            memory: 512 << 20,
            depth: 100_000,
            command_octets: 1 << 20,
            value_octets: 4 << 20,
            processes: 16,
        }
    }
}

impl EvaluatorLimits {
    /// Sets [`time`](Self::time).
    pub fn time(mut self, time: Duration) -> Self {
        self.time = time;
        self
    }

    /// Sets [`memory`](Self::memory).
    pub fn memory(mut self, octets: u64) -> Self {
        self.memory = octets;
        self
    }

    /// Sets [`depth`](Self::depth).
    pub fn depth(mut self, depth: u32) -> Self {
        self.depth = depth;
        self
    }

    /// Sets [`command_octets`](Self::command_octets).
    pub fn command_octets(mut self, octets: usize) -> Self {
        self.command_octets = octets;
        self
    }

    /// Sets [`value_octets`](Self::value_octets).
    pub fn value_octets(mut self, octets: usize) -> Self {
        self.value_octets = octets;
        self
    }

    /// Sets [`processes`](Self::processes); at least one.
    pub fn processes(mut self, processes: usize) -> Self {
        self.processes = processes.max(1);
        self
    }
}
