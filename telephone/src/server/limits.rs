//! What a server takes from those who speak with it.

use std::time::Duration;

/// What a server takes from those who speak HTTP with it, and how long it waits for them.
///
/// ```
/// use telephone::server::ServerLimits;
///
/// let limits = ServerLimits::default().connections(64);
/// assert_eq!(limits.body, 1 << 20);
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ServerLimits {
    /// The octets of a request's body. Default 1 MiB: sixteen times the longest command, since
    /// percent-encoding may treble it.
    pub body: usize,
    /// How long the head of a request may take, and a connection be idle between two. Default 10 s.
    pub head_time: Duration,
    /// How long the body of a request may take. Default 20 s: 1 MiB over half a megabit.
    pub body_time: Duration,
    /// How long whoever asked may read nothing of the answer. Default 20 s.
    pub send_time: Duration,
    /// How many connections there may be; further ones are closed at once. Default 1,024, a
    /// quarter of what systems commonly let a process have open.
    pub connections: usize,
    /// How many requests an address (of IPv6, a /64) may make in a second. Default 2,000, several
    /// times what one sender makes who waits for each answer; further ones are answered 429, calls
    /// over a wire by unwinding. A wire that has to show a token waits for its turn.
    pub rate: u32,
    /// How many requests it may make at once after a rest. Default 10,000, the queue's length.
    pub burst: u32,
    /// How long a question may wait for a command's end. Default 30 s: what stands between may
    /// take a connection that is silent for a minute for dead.
    pub wait: Duration,
    /// How often a stream of events says something. Default 15 s.
    pub keep_alive: Duration,
}

impl Default for ServerLimits {
    fn default() -> Self {
        Self {
            body: 1 << 20,
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(20),
            send_time: Duration::from_secs(20),
            connections: 1024,
            rate: 2_000,
            burst: 10_000,
            wait: Duration::from_secs(30),
            keep_alive: Duration::from_secs(15),
        }
    }
}

/// One builder method a field, so that a limit is set by its name.
macro_rules! setters {
    ($($field:ident: $type:ty),* $(,)?) => {
        impl ServerLimits {
            $(
                #[doc = concat!("Sets [`", stringify!($field), "`](field@Self::", stringify!($field), ").")]
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
    body: usize,
    head_time: Duration,
    body_time: Duration,
    send_time: Duration,
    connections: usize,
    rate: u32,
    burst: u32,
    wait: Duration,
    keep_alive: Duration,
}
