//! The limits of one wire: everything its peer can make grow, by name.

use std::time::Duration;

/// What one wire accepts, keeps and waits for.
///
/// Every figure is per wire. The ones about objects and calls are told to a peer of the extended
/// dialect in the hello, so that it refuses first and can name the limit; a classic peer finds out
/// by an unwound call. What is refused leaves the wire and every other call on it alive, except
/// where the field says otherwise.
///
/// ```
/// use std::time::Duration;
/// use wire::Limits;
///
/// let limits = Limits::default().depth(32).stall(Duration::from_secs(5));
/// assert_eq!(limits.depth, 32);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Limits {
    /// The weight of one object, in octets: 16 for each node of it and what its strings hold.
    /// What a cached object stands for is charged each time it is named, since a few hundred
    /// octets can otherwise mean half a milliard nodes. What functions called among the arguments
    /// of others return there may weigh as much again. Whoever reads fewer than 512 speaks the classic
    /// dialect. Default 64 MiB, as Cap'n Proto has.
    pub object_weight: u64,
    /// How deep lists, records and calls nest; the tail of a list adds nothing. What a function
    /// called among arguments returns counts with the object around it. Typed values are read by
    /// recursion of as many frames: the default of 128, serde_json's, stays under a quarter of a
    /// 2 MiB stack in a debug build. Whoever reads none speaks the classic dialect.
    pub depth: u32,
    /// The octets of a symbol's name, and of its package's. Default 1024. Longer ones refuse the
    /// object: names end up in logs and tables.
    pub symbol_length: u32,
    /// How many objects the peer may save in our cache, and how many we save in its. Default
    /// 65,536: further ones of the peer are read as refused, further ones of ours are sent whole.
    pub cache_entries: u32,
    /// How many octets of saved objects are kept. Default 4 MiB; further ones are read as refused.
    pub cache_bytes: u64,
    /// How many of the peer's calls may run here at once, not counting plain functions, which
    /// never overlap. Default 1024; further ones unwind, with the reason `TOO-MANY-CALLS`.
    pub running_calls: u32,
    /// The octets of calls that a server holds while its on-connect hook makes up its mind. Default
    /// 1 MiB, as much as the socket's own buffers: beyond it reading pauses, or, if the hook itself
    /// waits for an answer of the peer, further calls unwind with the reason `TOO-MANY-CALLS`.
    pub held_calls: usize,
    /// How many of our calls may wait for their values at once. Default 65,536; further ones fail
    /// here, unsent.
    pub waiting_calls: u32,
    /// How many of our objects the peer may hold. Default 65,536; a call or an answer that would
    /// hand over one more cannot be sent.
    pub remote_objects: u32,
    /// The octets of output after which the buffer hands itself to the socket without waiting for
    /// `force_output`. Default 64 KiB: the size from which larger writes gain nothing on loopback.
    pub high_water: usize,
    /// The octets of output that wait for the socket before no call is taken any more
    /// ([`CallError::Full`](crate::CallError::Full)). One object may pass it, so that a large one
    /// can be sent at all. Answers cannot be refused: at twice this figure the wire ends.
    /// Default 16 MiB.
    pub buffered_output: usize,
    /// The octets of answers that wait for the peer to read them from which we stop reading, as
    /// long as no call of ours waits for an answer behind what we would not read. Default 1 MiB.
    pub read_pause: usize,
    /// How long the peer may leave an object of its own unfinished without sending any more of it,
    /// or the data that a [function reads](crate::RawInput) behind a call, or output of ours untaken. The wire ends then. Default 30 s.
    pub stall: Duration,
    /// How long the wire's task, having written, looks for input before it sleeps. A CPU that has
    /// gone idle often takes longer to wake than the peer takes to answer, and waking it costs more
    /// than looking: with calls under way one after another this takes less CPU time, not more. It
    /// is done over sockets only, while the wire is the only busy one of its process, and ever more
    /// seldom where it is in vain: for a peer that takes its time, or on a CPU that others need. On
    /// a runtime of several threads it keeps one of them for up to 200 µs at a time; on one of a
    /// single thread all others have their turn between any two looks. Default 100 µs; zero looks
    /// never.
    pub busy_poll: Duration,
    /// How many top-level objects without any effect the peer may send beyond 100 a second.
    /// The wire ends then. Default 1000; CMUCL sends none, and our pings are of another kind.
    pub idle_objects: u32,
    /// How many answered refusals and unknown names are logged each second. Default 10.
    pub logged_refusals: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            object_weight: 64 << 20,
            depth: 128,
            symbol_length: 1024,
            cache_entries: 65_536,
            cache_bytes: 4 << 20,
            running_calls: 1024,
            held_calls: 1 << 20,
            waiting_calls: 65_536,
            remote_objects: 65_536,
            high_water: 64 << 10,
            buffered_output: 16 << 20,
            read_pause: 1 << 20,
            stall: Duration::from_secs(30),
            busy_poll: Duration::from_micros(100),
            idle_objects: 1000,
            logged_refusals: 10,
        }
    }
}

/// One builder method a field, so that a limit is set by its name.
macro_rules! setters {
    ($($field:ident: $type:ty),* $(,)?) => {
        impl Limits {
            $(
                #[doc = concat!("Sets [`", stringify!($field), "`](Self#structfield.", stringify!($field), ").")]
                #[must_use]
                pub fn $field(mut self, $field: $type) -> Self {
                    self.$field = $field;
                    self
                }
            )*
        }
    };
}

setters! {
    object_weight: u64,
    depth: u32,
    symbol_length: u32,
    cache_entries: u32,
    cache_bytes: u64,
    running_calls: u32,
    held_calls: usize,
    waiting_calls: u32,
    remote_objects: u32,
    high_water: usize,
    buffered_output: usize,
    read_pause: usize,
    stall: Duration,
    busy_poll: Duration,
    idle_objects: u32,
    logged_refusals: u32,
}
